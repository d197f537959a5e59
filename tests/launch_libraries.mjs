// A product in JavaScript, by openid-client: `node launch_libraries.mjs LIBRARY HOW ISSUER ID SECRET BACK AFTER`.
// It says on its output where a browser has to go or what a person has to type, and reads where the browser
// came back to. The last line is what it learned, as JSON.
import { createInterface } from 'node:readline'

const [library, how, issuer, id, secret, back, after] = process.argv.slice(2)
const client = await import(library)
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const ask = async (what) => {
  console.log(what)
  return (await lines.next()).value
}

// The tests' portal has no TLS; a product leaves `execute` out.
const execute = { execute: [client.allowInsecureRequests] }
const known = how === 'device' ? client.None() : undefined
const config = await client.discovery(new URL(issuer), id, secret || undefined, known, execute)

async function byCode() {
  const verifier = client.randomPKCECodeVerifier()
  const [state, nonce] = [client.randomState(), client.randomNonce()]
  const there = client.buildAuthorizationUrl(config, {
    redirect_uri: back,
    scope: 'openid profile email',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
  })
  const answer = new URL(await ask(there.href))
  const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true }
  return client.authorizationCodeGrant(config, answer, checks)
}

async function byDevice() {
  const begun = await client.initiateDeviceAuthorization(config, { scope: 'openid profile email' })
  await ask(`${begun.verification_uri} ${begun.user_code}`)
  return client.pollDeviceAuthorizationGrant(config, begun)
}

const first = how === 'device' ? await byDevice() : await byCode()
const tokens = await client.refreshTokenGrant(config, first.refresh_token)
const claims = tokens.claims() // The first tokens of a device bring none.
const learned = { claims, userinfo: await client.fetchUserInfo(config, tokens.access_token, claims.sub) }
if (how === 'code') {
  learned.introspected = await client.tokenIntrospection(config, tokens.access_token)
  const hint = { id_token_hint: tokens.id_token, post_logout_redirect_uri: after }
  learned.left = await ask(client.buildEndSessionUrl(config, hint).href)
  await client.refreshTokenGrant(config, tokens.refresh_token).then(
    () => (learned.refused = ''),
    (problem) => (learned.refused = problem.error),
  )
} else {
  await client.tokenRevocation(config, tokens.refresh_token)
}
console.log(JSON.stringify(learned))
process.exit(0)
