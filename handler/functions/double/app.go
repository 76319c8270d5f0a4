package double

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// An App is an unpacked package as the host reads it.
type App struct {
	root      string
	file      hostFile
	functions []function // by name
}

// hostFile is host.json.
type hostFile struct {
	Version       string
	CustomHandler struct {
		Description                 description
		EnableForwardingHTTPRequest bool
		EnableProxyingHTTPRequest   bool
		Port                        any // a number, or its text
		InitializationTimeout       timeSpan
		HTTP                        any
	}
	Extensions struct {
		HTTP   struct{ RoutePrefix *string }
		Queues struct{ MaxDequeueCount int }
	}
	ExtensionBundle struct{ ID, Version string }
	FunctionTimeout timeSpan
	Retry           any
}

// What the host does where host.json is silent.
const (
	usualInitialization  = 30 * time.Second
	usualFunctionTimeout = 30 * time.Minute
	usualDequeueCount    = 5
	usualPrefix          = "api"
)

// Read reads host.json and every function.json below root, and refuses what the host refuses.
func Read(root string) (*App, error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return nil, err
	}
	app := &App{root: root}
	if err := readJSON(filepath.Join(root, "host.json"), &app.file); err != nil {
		return nil, err
	}
	if err := app.file.complete(); err != nil {
		return nil, err
	}
	paths, err := filepath.Glob(filepath.Join(root, "*", "function.json"))
	if err != nil {
		return nil, err
	}
	for _, path := range paths { // Glob sorts, and so are functions tried
		f, err := readFunction(path, *app.file.Extensions.HTTP.RoutePrefix)
		if err != nil {
			return nil, err
		}
		if f.needsExtension() && app.file.ExtensionBundle.ID == "" {
			return nil, fmt.Errorf("%s: host.json names no extensionBundle, which queues need", f.name)
		}
		app.functions = append(app.functions, f)
	}
	return app, app.checkRoutes()
}

// complete checks the file and fills in what it leaves out.
func (f *hostFile) complete() error {
	switch {
	case f.Version != "2.0" || f.CustomHandler.Description.DefaultExecutablePath == "":
		return errors.New("host.json describes no custom handler of version 2.0")
	case f.CustomHandler.HTTP != nil || f.Retry != nil:
		return errors.New("host.json: this double knows neither customHandler.http nor retry")
	}
	if f.Extensions.HTTP.RoutePrefix == nil {
		prefix := usualPrefix
		f.Extensions.HTTP.RoutePrefix = &prefix
	}
	if f.Extensions.Queues.MaxDequeueCount == 0 {
		f.Extensions.Queues.MaxDequeueCount = usualDequeueCount
	}
	f.CustomHandler.InitializationTimeout.fill(usualInitialization)
	f.FunctionTimeout.fill(usualFunctionTimeout)
	return nil
}

// checkRoutes refuses two functions of which the host could not choose one.
func (a *App) checkRoutes() error {
	for i, f := range a.functions {
		for _, other := range a.functions[:i] {
			both := func(method string) bool { return f.takes(method) && other.takes(method) }
			methods := slices.Concat(f.methods, other.methods, []string{http.MethodGet}) // GET, should both take all
			if f.isHTTP() && other.isHTTP() && slices.EqualFunc(f.template, other.template, strings.EqualFold) &&
				slices.ContainsFunc(methods, both) {
				return fmt.Errorf("%s and %s have the same route and a method in common", other.name, f.name)
			}
		}
	}
	return nil
}

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
