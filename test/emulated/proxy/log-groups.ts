/** PutLogEvents, asked of the account behind the proxy, so that it is not recorded itself. */
import type { LogEvent, LogGroups } from './trail-delivery.ts';
import type { Upstream } from './upstream.ts';

export function logGroups(account: () => Upstream, headers: Readonly<Record<string, string>>): LogGroups {
	const made = new Set<string>();
	const ask = async (operation: string, input: object): Promise<string> => {
		const asks = { ...headers, 'x-amz-target': `Logs_20140328.${operation}`, 'content-type': 'application/x-amz-json-1.1' };
		const body = Buffer.from(JSON.stringify(input));
		const reply = await account().send({ method: 'POST', path: '/', url: new URL('http://account/'), headers: asks, body });
		const text = reply.body.toString();
		if (reply.status >= 400 && !text.includes('ResourceAlreadyExistsException')) throw new Error(`${operation}: ${reply.status} ${text}`);
		return text;
	};
	return {
		put: async ({ group: logGroupName, stream: logStreamName }, logEvents: readonly LogEvent[]) => {
			const name = `${logGroupName} ${logStreamName}`;
			if (!made.has(name)) await ask('CreateLogStream', { logGroupName, logStreamName });
			made.add(name);
			await ask('PutLogEvents', { logGroupName, logStreamName, logEvents });
		},
	};
}
