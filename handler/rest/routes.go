package rest

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"inferenceconnector/connector"
	"inferenceconnector/schema"
)

// routes are the actions by path and method, below every form.
type routes map[string]map[string]*schema.Action

func newRoutes(actions []*schema.Action) routes {
	all := routes{}
	for _, action := range actions {
		if all[action.Path] == nil {
			all[action.Path] = map[string]*schema.Action{}
		}
		all[action.Path][action.Method] = action
	}
	return all
}

// A form is what clients of one kind put in front of an action's path.
type form struct {
	prefix     []string
	deployment bool // the prefix is followed by the name of a deployment
	dialect    schema.Dialect
}

var forms = []form{
	{[]string{"openai", "deployments"}, true, schema.AzureOpenAI},
	{[]string{"openai", "v1"}, false, schema.OpenAI},
	{[]string{"v1"}, false, schema.OpenAI},
	{nil, false, schema.Inference},
}

// Addresses that clients of these interfaces know and nobody serves here.
var elsewhere = map[string]string{
	"/images/generations": "Images are not generated here; call the image model's own endpoint.",
	"/responses":          "The Responses API is not served here; use /v1/chat/completions.",
	"/images/embeddings":  "OpenAI's forms have no image embeddings; use POST /images/embeddings?api-version=2024-05-01-preview.",
	"/info":               "OpenAI's forms cannot tell about a model; use GET /info?api-version=2024-05-01-preview, or /v1/models for a list.",
}

// route is what a path means: an action, on a connection or on the caller's only one, or a public document.
type route struct {
	action     *schema.Action
	connection string
	deployment string // "" where the path names none
	allow      string // the methods it takes, when the request's is not among them
	document   string
}

// find reads the path. Doubled slashes and one at the end do no harm: base URLs are typed by people.
func (all routes) find(r *http.Request) (route, error) {
	segments, ok := split(r.URL)
	found := route{}
	if ok && len(segments) >= 2 && segments[0] == "connections" {
		found.connection, segments = segments[1], segments[2:]
	}
	if isHealth(r.URL.Path) { // the methods it takes are answered already
		found.allow = "GET, HEAD"
		return found, notAllowed(found.allow)
	}
	if !ok || strings.Contains(found.connection, "/") {
		return found, all.unknown("")
	}
	if found.document = document(segments); found.document != "" {
		if r.Method != http.MethodGet {
			found.allow = http.MethodGet
			return found, notAllowed(found.allow)
		}
		return found, nil
	}
	for _, f := range forms {
		if n := len(f.prefix); len(segments) >= n && slices.Equal(segments[:n], f.prefix) {
			segments = segments[n:]
			if f.deployment {
				found.deployment, segments = all.cutDeployment(segments)
			}
			return all.below(f, segments, r.Method, found)
		}
	}
	return found, all.unknown("")
}

// cutDeployment takes the name of a deployment off, which ends where a known path begins: some clients and
// some hosts leave the slashes of a name as they are.
func (all routes) cutDeployment(segments []string) (name string, rest []string) {
	for i := range segments {
		if path := "/" + strings.Join(segments[i:], "/"); i > 0 && (all[path] != nil || elsewhere[path] != "") {
			return strings.Join(segments[:i], "/"), segments[i:]
		}
	}
	return strings.Join(segments, "/"), nil
}

// below finds the action at a path below a form.
func (all routes) below(f form, segments []string, method string, found route) (route, error) {
	if slices.ContainsFunc(segments, func(s string) bool { return strings.Contains(s, "/") }) {
		return found, all.unknown("")
	}
	path := "/" + strings.Join(segments, "/")
	var allowed []string
	for takes, action := range all[path] {
		if action = action.In(f.dialect); action == nil {
			continue
		}
		if takes == method {
			found.action = action
			return found, nil
		}
		allowed = append(allowed, takes)
	}
	if allowed == nil {
		return found, all.unknown(path)
	}
	slices.Sort(allowed)
	found.allow = strings.Join(allowed, ", ")
	return found, notAllowed(found.allow)
}

func notAllowed(allow string) error {
	return &connector.Error{Code: connector.MethodNotAllowed, Message: fmt.Sprintf("This route takes %s only.", allow)}
}

// unknown is the error for a path, below any form, that leads nowhere.
func (all routes) unknown(path string) error {
	path = strings.TrimPrefix(path, "/openai") // as Azure's clients ask for what has no deployment
	for known, message := range elsewhere {
		if path == known || strings.HasPrefix(path, known+"/") {
			return &connector.Error{Code: connector.NotFound, Message: message}
		}
	}
	return &connector.Error{Code: connector.NotFound, Message: "There is no such route. Known: " + all.String() +
		"; for OpenAI's clients below /v1 and /openai/deployments/NAME."}
}

// String lists the routes for a message.
func (all routes) String() string {
	var list []string
	for path, methods := range all {
		for method := range methods {
			list = append(list, method+" "+path)
		}
	}
	slices.Sort(list)
	return strings.Join(list, ", ")
}

// split returns the segments of a path that are not empty, unescaped.
func split(u *url.URL) (segments []string, ok bool) {
	for segment := range strings.SplitSeq(u.EscapedPath(), "/") {
		if segment == "" {
			continue
		}
		plain, err := url.PathUnescape(segment)
		if err != nil {
			return nil, false
		}
		segments = append(segments, plain)
	}
	return segments, true
}
