// Reads cases from standard input and verifies each with the receiver's library that its scheme names.
// Case: {name, scheme, secret, url, headers: {lower-case name: value}, body: base64}. Prints {name: true | message}.
import { createPublicKey } from "node:crypto";
import { Buffer } from "node:buffer";
import { httpbis, createVerifier } from "http-message-signatures";
import { Webhook as StandardWebhook } from "standardwebhooks";
import { Webhook as SvixWebhook } from "svix";
import { verify as verifyHub } from "@octokit/webhooks-methods";

const SPKI = Buffer.from("302a300506032b6570032100", "hex");

/** The verifiers parse the body as JSON after a good signature; that alone is no fault of the signature. */
function goodUnlessUnparsed(check) {
  try {
    check();
    return true;
  } catch (failure) {
    if (failure instanceof SyntaxError) return true;
    return String(failure.message);
  }
}

function messageKey(secret) {
  if (secret.startsWith("whpk_")) {
    const der = Buffer.concat([SPKI, Buffer.from(secret.slice(5), "base64")]);
    return [createPublicKey({ key: der, format: "der", type: "spki" }), "ed25519"];
  }
  return [Buffer.from(secret.slice(6), "base64"), "hmac-sha256"];
}

const SCHEMES = {
  standardwebhooks: ({ secret, headers }, body) =>
    goodUnlessUnparsed(() => new StandardWebhook(secret).verify(body.toString("utf8"), headers)),

  svix: ({ secret, headers }, body) =>
    goodUnlessUnparsed(() => new SvixWebhook(secret).verify(body.toString("utf8"), headers)),

  octokit: async ({ secret, headers }, body) =>
    (await verifyHub(secret, body.toString("utf8"), headers["x-hub-signature-256"])) || "refused",

  "http-message-signatures": async ({ secret, headers, url }) => {
    const [key, algorithm] = messageKey(secret);
    const keyLookup = async (parameters) => ({
      id: parameters.keyid,
      algs: [algorithm],
      verify: createVerifier(key, algorithm),
    });
    const required = ["@method", "@target-uri", "content-digest", "webhook-id", "webhook-timestamp"];
    try {
      const good = await httpbis.verifyMessage(
        { keyLookup, requiredFields: required, requiredParams: ["created", "keyid"], tolerance: 60 },
        { method: "POST", url, headers },
      );
      return good === true || "refused";
    } catch (failure) {
      return String(failure.message);
    }
  },
};

let input = "";
for await (const chunk of process.stdin) input += chunk;
const results = {};
for (const each of JSON.parse(input)) {
  results[each.name] = await SCHEMES[each.scheme](each, Buffer.from(each.body, "base64"));
}
process.stdout.write(JSON.stringify(results));
