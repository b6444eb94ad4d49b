/** Brings an emulated account up and keeps it until Ctrl-C: `node test/emulated/main.ts FILE`, then `EMULATED_ACCOUNT=FILE npm run test:emulated`. */
import { writeFileSync } from 'node:fs';
import { emulatedAccount } from './emulated-account.ts';

const [file = '.cache/emulated-account.json'] = process.argv.slice(2);
const { account, end } = await emulatedAccount();
writeFileSync(file, JSON.stringify(account, null, '\t'));
process.stdout.write(`AWS_ENDPOINT_URL=${account.endpoint} AWS_REGION=${account.region}, described in ${file}\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void end().then(() => process.exit(0)));
