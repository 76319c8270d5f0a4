package endpoint

// aiServices is Azure AI Services, also called Foundry: many models behind one address.
var aiServices = family{
	name:        "ai-services",
	hosts:       map[string]string{".services.ai.azure.com": "/models"},
	path:        below,
	authorize:   apiKey,
	scope:       cognitiveServices,
	apiVersion:  "2024-05-01-preview",
	modelInBody: true,
	modelInfo:   true,
	passThrough: true,
	probe:       infoPath,
}
