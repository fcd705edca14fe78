// When an answer is late.
export const LATE_MS = 500; // for a hit
export const STALL_MS = 250; // for the bare server: the machine stood still
