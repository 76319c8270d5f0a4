// The served definition in Swagger UI. Nothing else is fetched, and no call is made from here.
const definition = new URL("../connector/logic-apps/apiDefinition.swagger.json", document.baseURI).href;
const place = document.getElementById("reference");

fetch(definition, { cache: "no-store", credentials: "omit" }).then(async (answer) => {
  if (!answer.ok) throw new Error(`${answer.status} ${(await answer.json()).error?.message ?? ""}`);
  show(await answer.json());
}).catch((error) => {
  const told = document.createElement("p");
  told.className = "failed";
  told.textContent = `The definition cannot be shown. ${error.message}`;
  place.replaceChildren(told);
});

function show(spec) {
  SwaggerUIBundle({
    spec, dom_id: "#reference", validatorUrl: null, supportedSubmitMethods: [], deepLinking: false, queryConfigEnabled: false,
    docExpansion: "list", defaultModelsExpandDepth: 0,
    onComplete: () => (document.documentElement.dataset.ready = "true"),
  });
}
