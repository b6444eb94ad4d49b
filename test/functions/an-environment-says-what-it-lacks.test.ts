// A function that is deployed with too little says what, by the names that its deployer knows.
import { expect, test } from 'vitest';
import { guardVariables, ledgerVariables, readEnvironment } from '../../functions/lambda/environment.ts';

const ledger = { THROUGHLINE_LEDGER_TABLE: 'l', THROUGHLINE_KEYS_TABLE: 'k', THROUGHLINE_PAYLOAD_BUCKET: 'p' };
const guard = {
	...ledger,
	THROUGHLINE_TOOL: 'mail.send',
	THROUGHLINE_TOOL_SECONDS: '10',
	THROUGHLINE_ROLE_PREFIX: 'arn:aws:iam::1:role/x-',
	THROUGHLINE_MARGIN_MS: '5000',
	THROUGHLINE_TABLES: '{"credits":"real-credits"}',
	THROUGHLINE_COMMIT_ACCESS: '[{"actions":["dynamodb:PutItem"],"resources":["arn:aws:dynamodb:eu-central-1:1:table/l"]}]',
};

test('texts become what they stand for', () => {
	expect(readEnvironment(guardVariables, guard)).toMatchObject({
		THROUGHLINE_MARGIN_MS: 5000,
		THROUGHLINE_TABLES: { credits: 'real-credits' },
		THROUGHLINE_COMMIT_ACCESS: [{ actions: ['dynamodb:PutItem'] }],
	});
});

test.for(Object.keys(guard))('%s missing is told', (name) => {
	expect(() => readEnvironment(guardVariables, { ...guard, [name]: undefined })).toThrow(new RegExp(`lacks ${name},`));
});

test.for([
	['THROUGHLINE_MARGIN_MS', 'soon'],
	['THROUGHLINE_MARGIN_MS', '-1'],
	['THROUGHLINE_TABLES', '{'],
	['THROUGHLINE_TABLES', '[1]'],
	['THROUGHLINE_COMMIT_ACCESS', '[{"actions":"all"}]'],
	['THROUGHLINE_TOOL', 'Mail Send'],
] as const)('%s as %s is told, without its value', ([name, value]) => {
	const wrong = () => readEnvironment(guardVariables, { ...guard, [name]: value });
	expect(wrong).toThrow(name);
	expect(wrong).not.toThrow(value);
});

test('nothing else of the environment is taken along', () => {
	expect(readEnvironment(ledgerVariables, { ...ledger, AWS_SECRET_ACCESS_KEY: 's' })).toEqual(ledger);
});
