package endpoint

// serverless is a model deployed as a serverless API: one model at an address of its own.
var serverless = family{
	name:        "serverless",
	hosts:       map[string]string{".models.ai.azure.com": "", ".inference.ai.azure.com": ""},
	path:        below,
	authorize:   bearer,
	scope:       machineLearning,
	apiVersion:  "2024-05-01-preview",
	modelInBody: true,
	oneModel:    true,
	modelInfo:   true,
	passThrough: true,
	probe:       infoPath,
}
