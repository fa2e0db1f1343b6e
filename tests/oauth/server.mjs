// An authorization server by oidc-provider, and an API that accepts its tokens, on one port of loopback.
//
// Beside what oidc-provider serves:
//   GET  /api/items/1     the scope, audience, and client of the token; 401 for a token that is not valid
//   POST /forget?token=   the API no longer accepts the access token
//   POST /consent?client= a refresh token, as after a user's consent
// Prints its issuer on the first line.
import { createServer } from "node:http";
import Provider from "oidc-provider";

const SECRET = "s3cret/+&=:%~ *of an-app";
const API = "https://api.example/";

const server = createServer();
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const issuer = `http://127.0.0.1:${server.address().port}`;

const client = (client_id, token_endpoint_auth_method, grant_types) => ({
  client_id,
  client_secret: token_endpoint_auth_method === "none" ? undefined : SECRET,
  token_endpoint_auth_method,
  grant_types,
  redirect_uris: grant_types.includes("authorization_code") ? ["https://app.example/callback"] : [],
  response_types: grant_types.includes("authorization_code") ? ["code"] : [],
});
const machine = ["client_credentials"];
const user = ["authorization_code", "refresh_token"];

const provider = new Provider(issuer, {
  clients: [
    client("an app:basic", "client_secret_basic", machine),
    client("an-app-post", "client_secret_post", machine),
    client("an-app-of-users", "client_secret_basic", user),
    client("a-public-app", "none", user),
  ],
  scopes: ["openid", "offline_access", "read", "write"],
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    revocation: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => undefined,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({ scope: "read write", audience: API, accessTokenFormat: "opaque" }),
    },
  },
  rotateRefreshToken: true,
  ttl: { AccessToken: 600, ClientCredentials: 600, RefreshToken: 3600, Grant: 3600 },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
});

async function consent(clientId) {
  const grant = new provider.Grant({ clientId, accountId: "a-user" });
  grant.addOIDCScope("openid offline_access");
  const token = new provider.RefreshToken({
    client: await provider.Client.find(clientId),
    accountId: "a-user",
    grantId: await grant.save(),
    gty: "authorization_code",
    scope: "openid offline_access",
    authTime: Math.floor(Date.now() / 1000),
  });
  return token.save();
}

const forgotten = new Set();

async function item(authorization) {
  const value = /^Bearer (.+)$/.exec(authorization ?? "")?.[1];
  const token = value && ((await provider.ClientCredentials.find(value)) ?? (await provider.AccessToken.find(value)));
  if (!token || token.isExpired || forgotten.has(value)) return undefined;
  return { id: [token.clientId, token.scope ?? "", token.aud ?? ""].join("|"), count: 1 };
}

const handle = provider.callback();
server.on("request", async (request, response) => {
  const url = new URL(request.url, issuer);
  const json = (status, body) => response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  if (url.pathname === "/api/items/1") {
    const found = await item(request.headers.authorization);
    return found ? json(200, found) : json(401, { type: "invalid_token" });
  }
  if (url.pathname === "/consent") return json(200, await consent(url.searchParams.get("client")));
  if (url.pathname === "/forget") {
    forgotten.add(url.searchParams.get("token"));
    return json(200, null);
  }
  return handle(request, response);
});
console.log(issuer);
