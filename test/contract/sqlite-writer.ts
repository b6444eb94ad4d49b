/**
 * A process of its own that appends: `sqlite-writer.ts <directory> <writer> <places>`.
 * It says `ready`, waits for a line, then tries every place in turn and says how each append ended, as one line of JSON.
 */
import { once } from 'node:events';
import { openSqliteStore } from '../../adapters/sqlite/store.ts';
import { entryAt } from './samples.ts';

// Under a limit on file sizes the kernel then fails the write instead of ending the process.
process.on('SIGXFSZ', () => {});
const [directory = '', writer = '', places = '0'] = process.argv.slice(2);
const { ledger, close } = openSqliteStore({ directory, generation: `by-${writer}` });
console.log(JSON.stringify({ ready: ledger.generation }));
await once(process.stdin, 'data');
for (let place = 0; place < Number(places); place += 1) {
	const entry = entryAt(place, { writer });
	const appended = await ledger.append(entry);
	console.log(JSON.stringify({ entry, appended }));
}
close();
process.exit(0);
