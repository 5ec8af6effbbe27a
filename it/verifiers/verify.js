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

  // A rotation sends two labels under one key id: a receiver that holds one key tries them one by one,
  // since the library lets the last label decide.
  "http-message-signatures": async ({ secret, headers, url }) => {
    const [key, algorithm] = messageKey(secret);
    const keyLookup = async (parameters) => ({
      id: parameters.keyid,
      algs: [algorithm],
      verify: createVerifier(key, algorithm),
    });
    const required = ["@method", "@target-uri", "content-digest", "webhook-id", "webhook-timestamp"];
    const configuration = { keyLookup, requiredFields: required, requiredParams: ["created", "keyid"], tolerance: 60 };
    const inputs = headers["signature-input"].split(/, (?=sig\d=)/);
    const signatures = headers["signature"].split(/, (?=sig\d=)/);
    const said = [];
    for (let i = 0; i < inputs.length; i++) {
      const one = { ...headers, "signature-input": inputs[i], signature: signatures[i] };
      try {
        if (await httpbis.verifyMessage(configuration, { method: "POST", url, headers: one })) return true;
        said.push("refused");
      } catch (failure) {
        said.push(failure.message);
      }
    }
    return said.join(", ");
  },
};

let input = "";
for await (const chunk of process.stdin) input += chunk;
const results = {};
for (const each of JSON.parse(input)) {
  results[each.name] = await SCHEMES[each.scheme](each, Buffer.from(each.body, "base64"));
}
process.stdout.write(JSON.stringify(results));
