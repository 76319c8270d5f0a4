package functions

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// An App is what the host reads of a function app: the route prefix, how requests are handed over, and the
// functions.
type App struct {
	Prefix    string // of every HTTP route, without slashes
	Forwards  bool   // requests of plain HTTP functions come as the caller sent them; otherwise all is invocation JSON
	Functions []Function
}

// A Function is one folder with a function.json.
type Function struct {
	Name      string
	Trigger   string // the type of its trigger binding, as httpTrigger
	Input     string // the name of its trigger binding
	AuthLevel string // of an httpTrigger: anonymous, function or admin
	Route     string // of an httpTrigger
	Schedule  string // of a timerTrigger
	PlainHTTP bool   // an httpTrigger, an http output and nothing else: only such requests does a host hand over as they are
	Outputs   []Output
}

// An Output is an output binding.
type Output struct{ Name, Type string }

// The host's own defaults for what the files leave out.
const (
	defaultPrefix    = "api"
	defaultAuthLevel = "function"
)

// Types of bindings that are told apart here.
const (
	httpTrigger  = "httpTrigger"
	timerTrigger = "timerTrigger"
	httpOutput   = "http"
)

// App settings with this in front override host.json.
const override = "AzureFunctionsJobHost__"

type hostFile struct {
	CustomHandler struct {
		EnableForwardingHTTPRequest bool
		EnableProxyingHTTPRequest   bool
	}
	Extensions struct {
		HTTP struct{ RoutePrefix *string }
	}
}

// ReadApp reads host.json and every function.json below root.
func ReadApp(root string) (App, error) {
	app := App{Prefix: defaultPrefix}
	var file hostFile
	if err := readJSON(filepath.Join(root, "host.json"), &file); err != nil {
		return app, err
	}
	if prefix := file.Extensions.HTTP.RoutePrefix; prefix != nil {
		app.Prefix = *prefix
	}
	if prefix, ok := overriding("extensions__http__routePrefix"); ok {
		app.Prefix = prefix
	}
	app.Prefix = strings.Trim(app.Prefix, "/")
	app.Forwards = overridden(file.CustomHandler.EnableForwardingHTTPRequest, "customHandler__enableForwardingHttpRequest") ||
		overridden(file.CustomHandler.EnableProxyingHTTPRequest, "customHandler__enableProxyingHttpRequest")
	folders, err := filepath.Glob(filepath.Join(root, "*", "function.json"))
	if err != nil {
		return app, err
	}
	for _, path := range folders {
		f, err := readFunction(path)
		if err != nil {
			return app, err
		}
		app.Functions = append(app.Functions, f)
	}
	return app, nil
}

// overridden returns a switch of host.json, or what an app setting says in its place.
func overridden(given bool, setting string) bool {
	if text, ok := overriding(setting); ok {
		return strings.EqualFold(text, "true")
	}
	return given
}

// overriding looks up an app setting as .NET does: in any letter case, with : or __ between the parts.
func overriding(setting string) (text string, ok bool) {
	for _, entry := range os.Environ() {
		name, value, _ := strings.Cut(entry, "=")
		if strings.EqualFold(strings.ReplaceAll(name, ":", "__"), override+setting) {
			return value, true
		}
	}
	return "", false
}

func readFunction(path string) (Function, error) {
	f := Function{Name: filepath.Base(filepath.Dir(path))}
	var file struct {
		Bindings []struct {
			Type, Direction, Name, AuthLevel, Route, Schedule string
		}
	}
	if err := readJSON(path, &file); err != nil {
		return f, err
	}
	for _, b := range file.Bindings {
		switch {
		case strings.HasSuffix(strings.ToLower(b.Type), "trigger"):
			f.Trigger, f.Input, f.AuthLevel, f.Route, f.Schedule = b.Type, b.Name, strings.ToLower(b.AuthLevel), b.Route, b.Schedule
		case strings.EqualFold(b.Direction, "out"):
			f.Outputs = append(f.Outputs, Output{b.Name, b.Type})
		}
	}
	f.PlainHTTP = f.isHTTP() && len(file.Bindings) == 2 && len(f.Outputs) == 1 && f.Outputs[0].isHTTP()
	if f.AuthLevel == "" {
		f.AuthLevel = defaultAuthLevel
	}
	if f.Route == "" {
		f.Route = f.Name
	}
	return f, nil
}

func (f Function) isHTTP() bool  { return strings.EqualFold(f.Trigger, httpTrigger) }
func (f Function) isTimer() bool { return strings.EqualFold(f.Trigger, timerTrigger) }
func (o Output) isHTTP() bool    { return strings.EqualFold(o.Type, httpOutput) }

// isInvoked reports whether the host calls a function at POST /<name>, with invocation JSON.
func (a App) isInvoked(f Function) bool { return !f.PlainHTTP || !a.Forwards }

func readJSON(path string, into any) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}
