// docs/spec/audit.md: its examples are vectors, its tables are the code's, and the vectors follow from their inputs.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { precedence } from '../../../core/audit/candidate.ts';
import { elsewhere } from '../../../core/audit/classify.ts';
import { FILED_WITHIN_MS, LATE_MS, stretch } from '../../../core/audit/coverage.ts';
import { EVENT_CHARACTERS } from '../../../core/audit/event.ts';
import { finding, findingKinds, severities } from '../../../core/audit/finding.ts';
import { noteKinds } from '../../../core/audit/note.ts';
import { SLACK_MS } from '../../../core/audit/terms.ts';
import { sessionSeen, witness } from '../../../core/audit/witness.ts';
import vectors from '../../vectors/audit.json' with { type: 'json' };
import { text as made } from '../../vectors/make-audit.ts';

const spec = readFileSync(join(import.meta.dirname, '../../../docs/spec/audit.md'), 'utf8');

test('the vectors are what the events come to', () => {
	expect(readFileSync(join(import.meta.dirname, '../../vectors/audit.json'), 'utf8')).toBe(made);
});

test('the examples are vectors', () => {
	expect(spec).toContain(JSON.stringify(vectors.events[1]?.reading.witness));
	expect(spec).toContain(JSON.stringify(vectors.findings.at(-1)));
});

test('its example of coverage is of its shape', () => {
	const [example = ''] = /^\{"v":1,"trail".*$/m.exec(spec) ?? [];
	expect(stretch.parse(JSON.parse(example))).toMatchObject({ is: 'read' });
});

test('an id follows from about, cause and kind, without our code', () => {
	for (const { id, about, cause, kind } of vectors.findings) {
		const text = `throughline finding\n{"about":"${about}","cause":"${cause}","kind":"${kind}"}`;
		expect(id).toBe(createHash('sha256').update(text).digest('hex'));
	}
});

test('no vector holds a secret', () => {
	for (const { reading } of vectors.events) expect(JSON.stringify(reading)).not.toMatch(/a secret access key|a session token/);
});

test('it names every field, every kind of finding, note and class', () => {
	const fields = [
		...witness.options.flatMap((option) => Object.keys(option.shape)),
		...Object.keys(sessionSeen.shape),
		...Object.keys(finding.shape),
		...stretch.options.flatMap((option) => Object.keys(option.shape)),
	];
	const missing = [...fields, ...findingKinds, ...noteKinds, ...elsewhere].filter(
		(name) => !new RegExp(`[\`{ ]${name}[\`},: ]`).test(spec),
	);
	expect(missing).toEqual([]);
});

test('its table of findings is in the order of precedence, with their severities', () => {
	const rows = [...spec.matchAll(/^\| `([a-z-]+)` \| (critical|high|medium) \|/gm)].map(([, kind, severity]) => [kind, severity]);
	expect(rows).toEqual(findingKinds.map((kind) => [kind, severities[kind]]));
	// A finding takes only what comes after it.
	for (const [place, kind] of findingKinds.entries()) {
		expect(precedence[kind].every((one) => findingKinds.indexOf(one) > place)).toBe(true);
	}
});

test('its limits are the code’s', () => {
	expect(spec).toContain(EVENT_CHARACTERS.toLocaleString('en-US'));
	expect(spec).toContain(`${SLACK_MS / 1_000} s after \`notAfter\``);
	expect(spec).toContain(`${SLACK_MS / 1_000} s added on either side`);
	expect(FILED_WITHIN_MS).toBe(3_600_000);
	expect(spec).toContain('in a file delivered within an hour');
	expect(spec).toContain(`events of the ${LATE_MS / FILED_WITHIN_MS} hours before it`);
});
