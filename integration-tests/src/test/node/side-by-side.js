import assert from "node:assert/strict";

/**
 * Runs each check with a client of the proxy and with one of a plain server, whose ports are the
 * arguments of the script, and prints "ok NAME" or "not ok NAME: REASON" for it: what the check
 * returns must be something, and be the same with both.
 */
export async function sideBySide(connect, disconnect, checks) {
  const [proxied, plain] = await Promise.all(process.argv.slice(2).map(connect));
  for (const [name, check] of Object.entries(checks)) {
    try {
      const expected = await check(plain);
      assert.ok(expected !== undefined && expected !== null, "nothing to compare");
      assert.deepEqual(await check(proxied), expected);
      console.log(`ok ${name}`);
    } catch (error) {
      console.log(`not ok ${name}: ${error.message.replaceAll("\n", " ")}`);
      process.exitCode = 1;
    }
  }
  await Promise.all([proxied, plain].map(disconnect));
}

/** What each of these commands replies, one after the other. */
export async function each(...commands) {
  const replies = [];
  for (const command of commands) {
    replies.push(await command());
  }
  return replies;
}

/** Numbers from zero. */
export function numbers(count) {
  return [...Array(count).keys()];
}
