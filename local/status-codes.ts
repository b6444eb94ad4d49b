/**
 * What middy wants of `node:http`. As a module, that hands out all that it has, and so loads the half megabyte behind `fetch` too,
 * in functions that fetch nothing.
 */
export const { STATUS_CODES } = process.getBuiltinModule('node:http');
