package endpoint

import (
	"errors"
	"net/http"
	"strings"

	"inferenceconnector/connector"
	"inferenceconnector/schema"
)

// A family is a kind of endpoint: contract/inference-api.md section 9. A new one is a file like its
// neighbours and a row in families.
type family struct {
	name        string
	hosts       map[string]string                          // names it is known by, or with a dot in front their endings: the path a bare address gets
	path        func(base, operation, model string) string // an operation's path, escaped
	authorize   func(header http.Header, key string)
	headers     func(http.Header, *connector.Request) // adds what only this family reads; nil for nothing
	unfit       func(*connector.Request) string       // why a model's name cannot be sent to it, "" when it can; nil when all can
	scope       string                                // of tokens of Entra, "" where their audience must be said
	apiVersion  string                                // sent when neither deployment nor caller has one, "" when the family has no versions
	numbering   schema.Dialect                        // the dialect whose callers number versions as it does
	modelInBody bool                                  // it reads model from the body, or ignores it there; else the path decides
	oneModel    bool                                  // it serves one model, so a call need not name any
	modelInfo   bool                                  // it has /info
	openAI      bool                                  // it takes stream_options, and reports usage in a stream only when asked
	passThrough bool                                  // it knows the header extra-parameters
	probe       func(base string) string              // path of its cheapest call
}

// The first one that knows a host has it: GitHub's old name ends as those of serverless endpoints do.
var families = []family{aiServices, azureOpenAI, gitHubModels, managedOnline, openAICompatible, serverless}

// Families returns the names of the families, as a connections file spells them.
func Families() []string {
	names := make([]string, len(families))
	for i, f := range families {
		names[i] = f.name
	}
	return names
}

// choose returns the family that is stated, else the one that the address tells, as it is spoken there.
func choose(stated string, a address) (family, error) {
	host := hostname(a.host)
	chosen := detect(host, a.base)
	if stated != "" {
		known := false
		if chosen, known = familyNamed(stated); !known {
			return family{}, errors.New("family must be one of " + strings.Join(Families(), ", "))
		}
	}
	if chosen.name == openAICompatible.name { // it is spoken on Azure's hosts too, which keep their own header and scope
		own := detect(host, "")
		chosen.authorize, chosen.scope = own.authorize, own.scope
	}
	return chosen, nil
}

func familyNamed(name string) (family, bool) {
	for _, f := range families {
		if f.name == name {
			return f, true
		}
	}
	return family{}, false
}

// detect finds the family by a path that only one has, then by host name; on unknown hosts the path's end decides.
func detect(host, path string) family {
	switch {
	case strings.HasSuffix(path, "/openai/v1"):
		return openAICompatible
	case strings.Contains(path+"/", azureDeployments):
		return azureOpenAI
	}
	for _, f := range families {
		if _, known := f.knows(host); known {
			return f
		}
	}
	if strings.HasSuffix(path, "/models") {
		return aiServices
	}
	return openAICompatible
}

// knows reports whether the family is known by that host name, and the path that a bare address gets there.
func (f family) knows(host string) (path string, known bool) {
	for name, path := range f.hosts {
		if host == name || name[0] == '.' && strings.HasSuffix(host, name) {
			return path, true
		}
	}
	return "", false
}

func below(base, operation, _ string) string { return base + operation }

// Scopes of tokens.
const (
	machineLearning   = "https://ml.azure.com/.default"
	cognitiveServices = "https://cognitiveservices.azure.com/.default"
)

func infoPath(base string) string { return base + "/info" }

func apiKey(header http.Header, key string) { header["Api-Key"] = []string{key} }

func bearer(header http.Header, key string) { header["Authorization"] = []string{"Bearer " + key} }
