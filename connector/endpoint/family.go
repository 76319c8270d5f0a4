package endpoint

import (
	"net/http"
	"strings"
)

// A family is a kind of endpoint: contract/inference-api.md section 9. A new one is a file like its
// neighbours and a row in families.
type family struct {
	name           string
	hosts          []string                                   // endings of the host names it is known by
	path           func(base, operation, model string) string // an operation's path, escaped
	authorize      func(header http.Header, key string)
	apiVersion     string                   // sent when neither deployment nor caller has one, "" when the family has no versions
	sharesVersions bool                     // its versions are numbered as the callers' are
	modelInBody    bool                     // it reads model from the body; else the path decides
	oneModel       bool                     // it serves one model, so a call need not name any
	modelInfo      bool                     // it has /info
	openAI         bool                     // it takes stream_options, and reports usage in a stream only when asked
	passThrough    bool                     // it knows the header extra-parameters
	probe          func(base string) string // path of its cheapest call
}

var families = []family{aiServices, azureOpenAI, openAICompatible, serverless}

// Families returns the names of the families, as a connections file spells them.
func Families() []string {
	names := make([]string, len(families))
	for i, f := range families {
		names[i] = f.name
	}
	return names
}

func familyNamed(name string) (family, bool) {
	for _, f := range families {
		if f.name == name {
			return f, true
		}
	}
	return family{}, false
}

// detect finds the family by host name; on unknown hosts the path decides.
func detect(host, path string) family {
	if strings.HasSuffix(path, "/openai/v1") {
		return openAICompatible
	}
	for _, f := range families {
		for _, ending := range f.hosts {
			if strings.HasSuffix("."+host, ending) {
				return f
			}
		}
	}
	switch {
	case strings.HasSuffix(path, "/models"):
		return aiServices
	case strings.Contains(path+"/", "/openai/deployments/"):
		return azureOpenAI
	}
	return openAICompatible
}

func below(base, operation, _ string) string { return base + operation }

func infoPath(base string) string { return base + "/info" }

func apiKey(header http.Header, key string) { header["Api-Key"] = []string{key} }

func bearer(header http.Header, key string) { header["Authorization"] = []string{"Bearer " + key} }
