// The provider of the tests: node provider.mjs '{"port": …, "callback": …, …}'. Accounts are made up: any login does.
import { Provider } from "oidc-provider";

const asked = JSON.parse(process.argv[2]);
const origin = `http://127.0.0.1:${asked.port}`;

const provider = new Provider(asked.issuer ?? origin, {
  clients: [
    {
      client_id: asked.client,
      client_secret: asked.secret,
      redirect_uris: [asked.callback],
      post_logout_redirect_uris: [asked.callback],
      grant_types: ["authorization_code"],
      response_types: ["code"],
    },
  ],
  async findAccount(_context, id) {
    return {
      accountId: id,
      claims: async () => ({ sub: id, name: asked.name, email: `${id}@exemple.invalid`, siret: asked.siret }),
    };
  },
  claims: { openid: ["sub"], profile: ["name"], email: ["email"], siret: ["siret"] },
  scopes: ["openid", "profile", "email", "siret"],
  features: { devInteractions: { enabled: true }, claimsParameter: { enabled: true } },
  ttl: { IdToken: 60, Session: 600, Grant: 600, Interaction: 600, AccessToken: 60, AuthorizationCode: 30 },
  cookies: { keys: [asked.secret] },
});
// The last address asked for authorization, for the tests to read.
let last = {};
provider.use(async (context, next) => {
  if (context.path === "/tests/last") {
    context.body = last;
    return;
  }
  if (context.path === "/auth" || context.path === "/session/end") last[context.path] = { ...context.query };
  await next();
});
provider.listen(asked.port, "127.0.0.1");
