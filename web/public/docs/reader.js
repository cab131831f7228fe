// Swagger UI over the API's own description. The token that a person pastes stays in this page's memory.
// oxlint-disable-next-line typescript/no-unsafe-call -- a global of the script beside, which has no types.
SwaggerUIBundle({
  url: "/api/openapi.json",
  dom_id: "#reader",
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  filter: true,
  persistAuthorization: false,
  queryConfigEnabled: false,
  requestSnippetsEnabled: true,
  tryItOutEnabled: true,
  // Nothing of this leaves for a validator elsewhere.
  validatorUrl: null,
});
