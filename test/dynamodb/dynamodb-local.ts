/** vitest's globalSetup: one DynamoDB Local for the whole project, and one report of what its tests met. */
import type { TestProject } from 'vitest/node';
import { startLocalDatabase } from './local-database.ts';
import { beginReport, endReport } from './report.ts';

declare module 'vitest' {
	interface ProvidedContext {
		dynamodbEndpoint: string;
	}
}

/** Never skips: without Java or the package it fails, and says what is missing. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
	beginReport();
	const database = await startLocalDatabase();
	project.provide('dynamodbEndpoint', database.endpoint);
	return async () => {
		await database.kill();
		endReport();
	};
}
