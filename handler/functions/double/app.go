package double

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// An App is an unpacked package as the host reads it.
type App struct {
	root       string
	executable string
	arguments  []string
	forwards   bool
	proxies    bool
	functions  []function // by name
}

type hostFile struct {
	Version       string
	CustomHandler struct {
		Description struct {
			DefaultExecutablePath string
			Arguments             []string
		}
		EnableForwardingHTTPRequest bool
		EnableProxyingHTTPRequest   bool
	}
	Extensions struct {
		HTTP struct{ RoutePrefix *string }
	}
}

// Read reads host.json and every function.json below root, and refuses what the host refuses.
func Read(root string) (*App, error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return nil, err
	}
	var file hostFile
	if err := readJSON(filepath.Join(root, "host.json"), &file); err != nil {
		return nil, err
	}
	handler := file.CustomHandler
	if file.Version != "2.0" || handler.Description.DefaultExecutablePath == "" {
		return nil, errors.New("host.json describes no custom handler of version 2.0")
	}
	app := &App{
		root: root, executable: filepath.Join(root, handler.Description.DefaultExecutablePath),
		arguments: handler.Description.Arguments,
		forwards:  handler.EnableForwardingHTTPRequest, proxies: handler.EnableProxyingHTTPRequest,
	}
	prefix := "api"
	if given := file.Extensions.HTTP.RoutePrefix; given != nil {
		prefix = *given
	}
	paths, err := filepath.Glob(filepath.Join(root, "*", "function.json"))
	if err != nil {
		return nil, err
	}
	for _, path := range paths { // Glob sorts, and so are functions tried
		f, err := readFunction(path, prefix)
		if err != nil {
			return nil, err
		}
		app.functions = append(app.functions, f)
	}
	return app, app.checkRoutes()
}

var functionName = regexp.MustCompile(`^(?i)[a-z][a-z0-9_-]{0,127}$`)

func readFunction(path, prefix string) (f function, err error) {
	var file struct {
		Bindings []struct {
			Type, Direction, AuthLevel, Route string
			Methods                           []string
		}
	}
	f.name = filepath.Base(filepath.Dir(path))
	if err := readJSON(path, &file); err != nil {
		return f, err
	}
	if !functionName.MatchString(f.name) || strings.EqualFold(f.name, "host") {
		return f, fmt.Errorf("%s is no name for a function", f.name)
	}
	var in, out int
	for _, b := range file.Bindings {
		if b.Type == "http" && b.Direction == "out" {
			out++
		}
		if b.Type != "httpTrigger" {
			continue
		}
		in++
		if strings.HasPrefix(b.Route, "admin") || strings.HasPrefix(b.Route, "runtime") {
			return f, fmt.Errorf("%s: the route %s is the host's own", f.name, b.Route)
		}
		if b.Route == "" {
			b.Route = f.name
		}
		f.template = strings.Split(strings.Trim(prefix+"/"+b.Route, "/"), "/")
		f.open, f.methods = b.AuthLevel == "anonymous", b.Methods
	}
	f.http = in == 1 && out == 1 && len(file.Bindings) == 2
	return f, f.checkTemplate()
}

// checkRoutes refuses two functions of which the host could not choose one.
func (a *App) checkRoutes() error {
	for i, f := range a.functions {
		for _, other := range a.functions[:i] {
			both := func(method string) bool { return f.takes(method) && other.takes(method) }
			methods := slices.Concat(f.methods, other.methods, []string{http.MethodGet}) // GET, should both take all
			if f.http && other.http && slices.EqualFunc(f.template, other.template, strings.EqualFold) &&
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
