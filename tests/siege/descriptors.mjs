// What a process has open, by what it is for: clients, providers, Unix sockets, all else.
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

const LISTEN = '0A';

function portOf(address) {
  return parseInt(address.split(':')[1], 16);
}

// Of each TCP socket of this machine by its inode: ports, and whether it listens.
function tcpSockets() {
  const sockets = {};
  for (const file of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of readFileSync(file, 'utf8').trim().split('\n').slice(1)) {
      const [, local, remote, state, , , , , , inode] = line.trim().split(/ +/);
      sockets[inode] = { local: portOf(local), remote: portOf(remote), listens: state === LISTEN };
    }
  }
  return sockets;
}

function unixSockets() {
  return new Set(readFileSync('/proc/net/unix', 'utf8').trim().split('\n').slice(1).map((line) => line.trim().split(/ +/)[6]));
}

// `ports`: those where it listens. Unix sockets lead to memcached, or wake a thread.
export function descriptorsOf(pid, ports) {
  const [tcp, unix] = [tcpSockets(), unixSockets()];
  const found = { clients: 0, providers: 0, unix: 0, others: 0 };
  for (const fd of readdirSync(`/proc/${pid}/fd`)) {
    let inode;
    try {
      inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1];
    } catch {
      continue; // closed just now
    }
    const socket = tcp[inode];
    if (unix.has(inode)) found.unix++;
    else if (socket === undefined || socket.listens) found.others++;
    else if (ports.includes(socket.local)) found.clients++;
    else found.providers++;
  }
  return found;
}
