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

// routes are the actions by path and method.
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

// route is what a path means: an action, on a connection or on the caller's only one.
type route struct {
	action     *schema.Action
	connection string
	allow      string // the methods it takes, when the request's is not among them
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
	methods := all["/"+strings.Join(segments, "/")]
	if !ok || methods == nil {
		return found, &connector.Error{Code: connector.NotFound, Message: "There is no such route. Known: " + all.String() + "."}
	}
	if found.action = methods[r.Method]; found.action == nil {
		var allowed []string
		for method := range methods {
			allowed = append(allowed, method)
		}
		slices.Sort(allowed)
		found.allow = strings.Join(allowed, ", ")
		return found, notAllowed(found.allow)
	}
	return found, nil
}

func notAllowed(allow string) error {
	return &connector.Error{Code: connector.MethodNotAllowed, Message: fmt.Sprintf("This route takes %s only.", allow)}
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
		if err != nil || strings.Contains(plain, "/") {
			return nil, false
		}
		segments = append(segments, plain)
	}
	return segments, true
}
