// Who attacks. A kind is one object of a file:
//
//     name, does     who, and what a connection of it does
//     unit           what is counted of what the service took: frames, streams, requests
//     pause_ms       between two bouts: what bounds its rate
//     most           what one connection is cut before, in that unit; none where it asks for little
//     stays          true: it is no connection that is to be cut, but asks for too much
//     longest_s      for how long it may be held
//     bout(target)   one attack, fought to its end: [{ took, held_s, cut, answers, bytes }], one for each connection:
//                    what went out, how long it was held, whether the service ended it, and what came of it
//
// `target` is { port, ca, address, deadline_s, request_s }: the attacker's own address, and two settings of the service.
import coldFloods from './attackers/cold_floods.mjs';
import { emptyContinuation, emptyData } from './attackers/empty_frames.mjs';
import garbage from './attackers/garbage.mjs';
import halfRequests from './attackers/half_requests.mjs';
import madeYouReset from './attackers/made_you_reset.mjs';
import madeYouResetEarly from './attackers/made_you_reset_early.mjs';
import rapidResets from './attackers/rapid_resets.mjs';
import slowReaders from './attackers/slow_readers.mjs';
import zeroWindows from './attackers/zero_windows.mjs';

export const attackers = [
  rapidResets, madeYouReset, madeYouResetEarly, emptyData, emptyContinuation, slowReaders, zeroWindows, halfRequests,
  garbage, coldFloods,
];
