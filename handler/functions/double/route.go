package double

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// checkTemplate refuses what matches does not know: of parameters there are {name}, and at the end {name?}
// and {*name}.
func (f *function) checkTemplate() error {
	for i, segment := range f.template {
		name, isParameter := parameter(segment)
		atEnd := i == len(f.template)-1
		if isParameter && (name == "" || (isCatchAll(segment) || isOptional(segment)) && !atEnd) ||
			!isParameter && strings.ContainsAny(segment, "{}") || strings.ContainsAny(name, ":={}?*") {
			return fmt.Errorf("%s: this double does not know the parameter %s", f.name, segment)
		}
	}
	return nil
}

// parameter returns the name of the parameter that a segment is.
func parameter(segment string) (name string, ok bool) {
	inner, opened := strings.CutPrefix(segment, "{")
	inner, closed := strings.CutSuffix(inner, "}")
	return strings.TrimSuffix(strings.TrimPrefix(inner, "*"), "?"), opened && closed
}

func isCatchAll(segment string) bool { return strings.HasPrefix(segment, "{*") }

func isOptional(segment string) bool { return strings.HasSuffix(segment, "?}") }

func (f function) takes(method string) bool {
	fits := func(m string) bool { return strings.EqualFold(m, method) }
	return len(f.methods) == 0 || slices.ContainsFunc(f.methods, fits)
}

// match compares a path as ASP.NET routing does: without letter case, with one slash more at the end, and
// never across an empty segment, unless a catch-all has begun. It returns the parameters, nil for those that
// matched nothing.
func (f function) match(path string) (parameters map[string]any, ok bool) {
	var segments []string
	if path = strings.TrimSuffix(path[1:], "/"); path != "" {
		segments = strings.Split(path, "/")
	}
	parameters = map[string]any{}
	for i, template := range f.template {
		name, isParameter := parameter(template)
		rest := segments[min(i, len(segments)):]
		switch {
		case len(rest) == 0 && (isCatchAll(template) || isOptional(template)):
			parameters[name] = nil
		case len(rest) == 0 || rest[0] == "":
			return nil, false
		case isCatchAll(template):
			parameters[name] = unescapedPath(strings.Join(rest, "/"))
			return parameters, true
		case isParameter:
			parameters[name] = unescapedPath(rest[0])
		case !strings.EqualFold(rest[0], template):
			return nil, false
		}
	}
	return parameters, len(segments) <= len(f.template)
}

// unescapedPath decodes a part of a path; an escaped slash stays one.
func unescapedPath(text string) string {
	plain, err := url.PathUnescape(strings.ReplaceAll(text, "%2F", "%252F"))
	if err != nil {
		return text
	}
	return plain
}

// find returns the function that a request is for, nil for none: the first by name that fits.
func (h *Host) find(method, path string) (f *function, parameters map[string]any) {
	for i, f := range h.functions {
		if !f.isHTTP() || f.disabled || !f.takes(method) {
			continue
		}
		if parameters, ok := f.match(path); ok {
			return &h.functions[i], parameters
		}
	}
	return nil, nil
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
