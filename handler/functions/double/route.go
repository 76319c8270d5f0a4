package double

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// function is one folder with a function.json. Those that are not plain HTTP functions are never called.
type function struct {
	name     string
	http     bool     // one httpTrigger in, one http out, nothing else: proxied or forwarded
	open     bool     // authLevel anonymous
	template []string // segments of prefix and route
	methods  []string // none: all
}

func (f function) checkTemplate() error {
	for i, segment := range f.template {
		if strings.Contains(segment, "{") && (!isCatchAll(segment) || i < len(f.template)-1) {
			return fmt.Errorf("%s: this double knows no parameter in a route but {*path} at its end", f.name)
		}
	}
	return nil
}

func isCatchAll(segment string) bool { return strings.HasPrefix(segment, "{*") }

func (f function) takes(method string) bool {
	fits := func(m string) bool { return strings.EqualFold(m, method) }
	return len(f.methods) == 0 || slices.ContainsFunc(f.methods, fits)
}

// matches compares a path as ASP.NET routing does: without letter case, with one slash more at the end, and
// never across an empty segment, unless a catch-all has begun.
func (f function) matches(path string) bool {
	var segments []string
	if path = strings.TrimSuffix(path[1:], "/"); path != "" {
		segments = strings.Split(path, "/")
	}
	for i, segment := range segments {
		switch {
		case segment == "" || i >= len(f.template):
			return false
		case isCatchAll(f.template[i]):
			return true
		case !strings.EqualFold(segment, f.template[i]):
			return false
		}
	}
	return len(segments) == len(f.template) || isCatchAll(f.template[len(segments)])
}

// find returns the function that a request is for, nil for none: the first by name that fits.
func (a *App) find(method, path string) *function {
	for i, f := range a.functions {
		if f.http && f.takes(method) && f.matches(path) {
			return &a.functions[i]
		}
	}
	return nil
}

// isReserved reports whether the host keeps a path to itself.
func isReserved(path string) bool {
	first, _, _ := strings.Cut(path[1:], "/")
	return strings.EqualFold(first, "admin") || strings.EqualFold(first, "runtime")
}

// admits checks the function key.
func (o Options) admits(f *function, r *http.Request) bool {
	given := r.Header.Get("X-Functions-Key")
	if given == "" {
		given = r.URL.Query().Get("code")
	}
	return f.open || given != "" && given == o.Key
}

// canonical returns the path as the server hands it on: dots are resolved, and what need not be escaped is
// not. An escaped slash stays one.
func canonical(u *url.URL) string {
	var kept []string
	segments := strings.Split(u.EscapedPath(), "/")[1:]
	for i, segment := range segments {
		plain, err := url.PathUnescape(segment)
		if err != nil {
			plain = segment
		}
		dots := plain == "." || plain == ".."
		if plain == ".." && len(kept) > 0 {
			kept = kept[:len(kept)-1]
		}
		if !dots {
			kept = append(kept, url.PathEscape(plain))
		} else if i == len(segments)-1 {
			kept = append(kept, "")
		}
	}
	return "/" + strings.Join(kept, "/")
}
