/** `npm run cost`: counts, and writes docs/cost.md. With `-- --check` it only says whether the page is what would be written. */
import { readFileSync, writeFileSync } from 'node:fs';
import { audited } from './audited.ts';
import { assumed, prices } from './inputs.ts';
import { measure, played } from './measured.ts';
import { costPage } from './page.ts';

const PAGE = new URL('../../docs/cost.md', import.meta.url);

export async function writtenAnew(): Promise<string> {
	const plain = await played('plain');
	const measured = [plain.measured, await measure('keyed'), await measure('large')] as const;
	return costPage({ measured, audited: await audited(plain, assumed.audit.entriesPerInvocation), prices, assumed });
}
export const writtenBefore = (): string => readFileSync(PAGE, 'utf8');

if (import.meta.main) {
	const page = await writtenAnew();
	if (!process.argv.includes('--check')) writeFileSync(PAGE, page);
	else if (writtenBefore() !== page) {
		console.error('docs/cost.md is not what is counted; run `npm run cost` and commit it');
		process.exitCode = 1;
	}
}
