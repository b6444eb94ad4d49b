/** Who gives these commands, as the operating system knows them. */
import { userInfo } from 'node:os';

const NAME_CHARACTERS = 200;

/** `local:alice`. A name that a ledger does not take in clear loses those characters. */
export function person(): string {
	return `local:${nameOfUser()
		.replaceAll(/[^\w+=,.@-]/g, '_')
		.slice(0, NAME_CHARACTERS)}`;
}

function nameOfUser(): string {
	try {
		return userInfo().username;
	} catch {
		// No such user in the system's list, as in many containers.
		return `uid-${process.getuid?.() ?? 'unknown'}`;
	}
}
