/** A process that starts MiniStack and does nothing else: to be killed. Tells the group. */
import { startMiniStack } from './ministack.ts';

const [directory = ''] = process.argv.slice(2);
const { group } = await startMiniStack({ directory, endpointOfFunctions: 'http://127.0.0.1:9', say: () => {} });
process.stdout.write(`${group}\n`);
setInterval(() => {}, 60_000);
