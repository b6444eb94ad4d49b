/** What the page says of itself in words. Each sentence names where the thing it speaks of is done. */
import type { WholeReport } from './parts.ts';

export const method = `1. **Exploration** (\`test/crash/explore\` over \`test/crash/world\`). The shipped functions with their middleware, and the shipped state machine
   files, run over storage, broker and targets in memory, with a clock of their own. A world is plain data. From each, every action that may
   come next is taken without a fault, and with every fault at every call out of a process: the process ends before or
   after it; it is refused; the request is lost; it is persisted and reported failed; its reply is lost and the transport asks again; it is
   delivered twice; it hangs until the runtime's timeout; a day passes; the host dies; somebody else goes first. What comes of it is
   explored in turn with the faults that are left. A world met before with as many faults left is not explored again, and tests
   compare that with exploring everything. Of faults that come to the same (a call only reads; a process ends with nothing
   lasting in between; a machine is told the same), one is tried after a first fault, all of them as the first. What pure functions have parsed,
   unsealed, folded and decided is remembered (\`test/crash/remember\`), and so is what a process does about what it has learned: its code runs once
   for each way it can go. A sample of both is made anew, and a test compares with exploring without. The calls of ports are counted by reading the source, those that were broken by where the calls came from: one that
   nothing has broken, in any way that makes sense there, fails the build.
2. **Random schedules** (\`test/crash/schedules\`). Every port call of every process waits its turn from fast-check's scheduler: steps, runs,
   recoverers, zombies, operators and people, with faults, pauses, dead hosts and clocks up to ten minutes apart. Time passes only when
   nothing is left to do or a schedule says so. A schedule is counted once, by the order of what was really taken, and not at all when
   nothing in it succeeded. What it must have met (fenced, held, looked up, contradicted …) has a floor.
3. **Model** (\`test/crash/model\`). The shipped functions are also searched breadth first: every atomic action of every process from
   every state, until no new state is found within named bounds. What is true is the target's own account. At each end the
   run must still come to its own end.
4. **Real processes** (\`test/crash/processes\`). The embedded host, its sandboxes and the four services are killed and stopped at random;
   every effect is counted in the services' own journals. The DynamoDB adapter runs on DynamoDB Local (\`test/dynamodb\`) behind a proxy that knows
   each request's target and loses, delays, repeats, reorders and refuses; the database itself is killed and started again on its files.
   DynamoDB Local answers a transaction before it commits it; in that test an answer counts from its commit on, and a control shows
   that without this the check goes red.
5. **The checker** (\`test/crash/checker\`; for real processes \`test/crash/processes/checker.ts\`) begins with what was asked and with what the
   targets journalled by themselves. Ledger, fold, answers, claims, sessions and histories are laid beside it; it has its own reading of the
   stored bytes. A run in which nothing succeeded does not count.
6. **Controls** (\`test/crash/controls\`, \`test/crash/model/holes.ts\`, over \`test/crash/mutate\`). A shipped rule is taken away as the source is
   loaded. The same scenario on untouched sources must give no finding, and without the rule the check must object.`;

type Explored = Pick<WholeReport['explore'], 'aside' | 'scenarios'>;

/** Of exploring, what the run itself says of it. */
export function notTested({ aside, scenarios }: Explored): string {
	const single = scenarios.filter(({ faults }) => faults < 2).length;
	const pairs =
		single > 0
			? [`- In the explorer: pairs of faults in ${single} of ${scenarios.length} scenarios; those were explored with one fault at a time.`]
			: [];
	const named = aside.map((folder) => `- In the explorer: \`${folder}\`, which its worlds do not have yet.`);
	return [always, ...pairs, ...named].join('\n');
}

const always = `- Nothing in a real AWS account: no Lambda, no Step Functions service, no STS, no DynamoDB but its local emulator.
- Disks that lie about what they have made durable, and power cuts: a killed process leaves what it wrote to the page cache.
- Clocks that jump in the middle of a run. Offsets between clocks are tested.
- In the explorer: interleavings within an invocation, but for one overtaking call; those are left to the random schedules. Three faults
  and more: \`--faults 3\` on demand.
- Targets that break their word: found by the checker, prevented by nobody. In the storms carrier and mail are never stopped beyond
  what they promise.
- Restoring a table from a backup, beyond what [what-exploring-changed](design/what-exploring-changed.md) says.
- Windows and macOS; bugs in Node, SQLite and Cedar themselves.`;
