/** A host as far as its issuer goes: waits for the word, opens the directory's issuer, and prints a session's token. */
import { existsSync } from 'node:fs';
import { epochMs } from '../../../core/ids.ts';
import { openIssuer } from '../../../local/issuer.ts';

const [directory = '', word = ''] = process.argv.slice(2);
process.send?.('here');
// Busy, so that all begin at the same moment.
while (!existsSync(word));
const { sessionToken } = await openIssuer(directory, { now: () => epochMs.parse(Date.now()) }).issue({
	role: 'refund-desk-payments-refund-access',
	sessionName: 'run-1.1.1',
	sourceIdentity: 'run-1',
	tags: {},
	policy: '{"Statement":[]}',
	durationSeconds: 900,
});
process.send?.(sessionToken, () => process.disconnect());
