// CPU time and memory of other processes, read from Linux's /proc. The scheduler's own nanosecond counters: the clock
// ticks of /proc/<pid>/stat are too coarse for slices of a second or two.

import { readdirSync, readFileSync } from 'node:fs';

/** All threads together, in nanoseconds since the process began. Threads that ended are not counted: ours do not end. */
export function cpuNanoseconds(pid: number): number {
  let total = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    total += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ', 1)[0]);
  }
  return total;
}

/** Resident memory in megabytes of 10^6 bytes. */
export function residentMegabytes(pid: number): number {
  const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return (Number(line?.[1] ?? 0) * 1024) / 1e6;
}

export interface ChildProcessInfo {
  readonly pid: number;
  /** Its command line, words separated by spaces. */
  readonly command: string;
}

/** The processes that `parent` has started and that are still there. */
export function childrenOf(parent: number): ChildProcessInfo[] {
  const children: ChildProcessInfo[] = [];
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid)) continue;
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      if (Number(fields[1]) !== parent) continue;
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      children.push({ pid, command });
    } catch {
      // It ended meanwhile.
    }
  }
  return children;
}
