/** The settings that an agent declares by name, as far as `environment` has them. */
export const settingsOf = (
	{ settings }: { readonly settings: readonly string[] },
	environment: Readonly<Record<string, string | undefined>> = process.env,
): Record<string, string> =>
	Object.fromEntries(settings.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]]])));
