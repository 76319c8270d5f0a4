package double

import (
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
)

// function is one folder with a function.json.
type function struct {
	name     string
	disabled bool
	trigger  binding
	outputs  []binding
	plain    bool     // one httpTrigger in, one http out, nothing else: may be proxied or forwarded
	open     bool     // authLevel anonymous
	template []string // segments of prefix and route
	methods  []string // none: all
}

func (f function) isHTTP() bool { return f.trigger.is("httpTrigger") }

var functionName = regexp.MustCompile(`^(?i)[a-z][a-z0-9_-]{0,127}$`)

func readFunction(path, prefix string) (function, error) {
	f := function{name: filepath.Base(filepath.Dir(path))}
	var file struct {
		Bindings []binding
		Disabled bool
		Retry    any
	}
	if err := readJSON(path, &file); err != nil {
		return f, err
	}
	if !functionName.MatchString(f.name) || strings.EqualFold(f.name, "host") {
		return f, fmt.Errorf("%s is no name for a function", f.name)
	}
	if file.Retry != nil {
		return f, fmt.Errorf("%s: this double knows no retry", f.name)
	}
	f.disabled = file.Disabled
	if err := f.bind(file.Bindings); err != nil {
		return f, fmt.Errorf("%s: %w", f.name, err)
	}
	if f.isHTTP() {
		f.setRoute(prefix)
		return f, f.checkTemplate()
	}
	return f, nil
}

// bind takes the bindings apart.
func (f *function) bind(bindings []binding) error {
	names := map[string]bool{}
	for _, b := range bindings {
		if err := b.check(); err != nil {
			return err
		}
		if names[strings.ToLower(b.Name)] {
			return fmt.Errorf("two bindings are called %s", b.Name)
		}
		names[strings.ToLower(b.Name)] = true
		switch {
		case !b.isTrigger():
			f.outputs = append(f.outputs, b)
		case f.trigger.Type != "":
			return errors.New("has more than one trigger")
		default:
			f.trigger = b
		}
	}
	if f.trigger.Type == "" {
		return errors.New("has no trigger")
	}
	return f.checkHTTP()
}

func (f *function) checkHTTP() error {
	out := 0
	for _, b := range f.outputs {
		if b.is("http") {
			out++
		}
	}
	if f.isHTTP() != (out == 1) {
		return errors.New("an httpTrigger and one http output belong together")
	}
	if strings.HasPrefix(f.trigger.Route, "admin") || strings.HasPrefix(f.trigger.Route, "runtime") {
		return fmt.Errorf("the route %s is the host's own", f.trigger.Route)
	}
	f.plain = out == 1 && len(f.outputs) == 1
	return nil
}

func (f *function) setRoute(prefix string) {
	route := f.trigger.Route
	if route == "" {
		route = f.name
	}
	f.template = strings.Split(strings.Trim(prefix+"/"+route, "/"), "/")
	f.open, f.methods = strings.EqualFold(f.trigger.AuthLevel, "anonymous"), f.trigger.Methods
}

// needsExtension reports whether the host cannot serve a function by itself.
func (f *function) needsExtension() bool {
	for _, b := range append([]binding{f.trigger}, f.outputs...) {
		if b.is("queueTrigger") || b.is("queue") {
			return true
		}
	}
	return false
}

// resolve completes the bindings with app settings.
func (f function) resolve(settings map[string]string) (function, error) {
	trigger, err := f.trigger.resolve(settings)
	if err != nil {
		return f, fmt.Errorf("%s: %w", f.name, err)
	}
	f.trigger = trigger
	var outputs []binding
	for _, b := range f.outputs {
		resolved, err := b.resolve(settings)
		if err != nil {
			return f, fmt.Errorf("%s: %w", f.name, err)
		}
		outputs = append(outputs, resolved)
	}
	f.outputs = outputs
	return f, nil
}
