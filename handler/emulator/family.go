package emulator

import "net/http"

// A family is a kind of endpoint: where it is, which keys it reads, and how it speaks.
type family struct {
	name        string
	bases       []string // what stands before the path of its operations; the first is the one to show
	others      []string // further addresses below which it answers, if only to refuse
	list        string   // address of its list of models; empty: it has none
	models      operation
	modelInfo   bool         // it has /info
	versioned   bool         // a call must say its api-version
	credentials []credential // what it reads, in this order

	// model is the name of the deployment that a call means, which may have one in its body.
	model      func(r *http.Request, inBody string) string
	publishers bool // names of models may begin with that of their publisher

	openAI     bool // it takes any parameter, and reports usage in a stream only when asked
	filters    bool // it reports what a content filter found, also when that is nothing
	wholeCalls bool // in a stream it tells a tool call in one piece

	words func(*http.Request, *problem) refusal
}

var families = []*family{aiServices, serverless, managedOnline, azureOpenAI, azureOpenAIv1, openAI, gitHubModels}

// An Address is where a family is served.
type Address struct{ Family, Path string }

// Addresses returns an address of each family, AI Services' first. One family may have several.
func Addresses() []Address {
	addresses := make([]Address, len(families))
	for i, f := range families {
		addresses[i] = Address{f.name, f.bases[0]}
	}
	return addresses
}

type route struct {
	method, path string
	serve        operation
}

func (c Config) routes(f *family) []route {
	var routes []route
	for _, base := range f.bases {
		routes = append(routes,
			route{http.MethodPost, base + chats.path, c.chat(f)},
			route{http.MethodPost, base + prompts.path, c.complete(f)},
			route{http.MethodPost, base + textVectors.path, vectors[texts](f, textVectors)})
		if !f.openAI {
			routes = append(routes, route{http.MethodPost, base + imageVectors.path, vectors[pictures](f, imageVectors)})
		}
		if f.modelInfo {
			routes = append(routes, route{http.MethodGet, base + "/info", f.info})
		}
	}
	if f.list != "" {
		routes = append(routes, route{http.MethodGet, f.list, f.models})
	}
	return routes
}

// elsewhere are the family's addresses where nothing is.
func (f *family) elsewhere() []string {
	var paths []string
	for _, bases := range [][]string{f.bases, f.others} {
		for _, base := range bases {
			paths = append(paths, base+"/")
			if base != "" && base != f.list { // without it, the multiplexer would redirect
				paths = append(paths, base)
			}
		}
	}
	return paths
}
