import { expect, it } from "vitest";
import {
  senders,
  webhookSecretsIn,
} from "../../../../functions/src/domain/tenants/webhookSecrets.ts";
import { aTenantId } from "../../../support/builders.ts";

const acme = aTenantId("acme");
const secret = "0123456789abcdef";
const standard = `whsec_${Buffer.from(secret).toString("base64")}`;

function held(ofAcme: unknown) {
  const secretsOf = webhookSecretsIn({ acme: ofAcme });
  return senders.map((sender) => secretsOf(acme, sender));
}

it("holds a secret for each sender, or two while one is changed", () => {
  const next = `${secret}!`;
  expect(
    held({ salesforce: secret, hubspot: [secret, next], webhook: standard }),
  ).toEqual([[secret], [secret, next], [standard]]);
  expect(held({ webhook: [standard, standard] })).toEqual([
    [],
    [],
    [standard, standard],
  ]);
});

it("takes a bare secret as Salesforce's, as before there were others", () => {
  expect(held(secret)).toEqual([[secret], [], []]);
});

it("holds none where one is too short or of another form, and takes none of the others with it", () => {
  const short = secret.slice(1);
  expect(held(short)).toEqual([[], [], []]);
  const one = { salesforce: short, hubspot: secret, webhook: secret };
  expect(held(one)).toEqual([[], [secret], []]);
  expect(held({ hubspot: [secret, short], salesforce: secret })).toEqual([
    [secret],
    [],
    [],
  ]);
  expect(held({ webhook: "whsec_c2hvcnQ=" })).toEqual([[], [], []]);
  expect(held({ salesforce: [secret, secret, secret] })).toEqual([[], [], []]);
});

it("holds none for a tenant that is not there, nor in what is no such setting", () => {
  for (const setting of [null, "", [], 1, {}, { umbrella: secret }])
    for (const tenant of ["acme", "constructor", "toString"])
      expect(
        webhookSecretsIn(setting)(aTenantId(tenant), "salesforce"),
      ).toEqual([]);
});
