package functions

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// An App is what the host reads of a function app: the route prefix and the functions.
type App struct {
	Prefix    string // of every HTTP route, without slashes
	Functions []Function
}

// A Function is one folder with a function.json.
type Function struct {
	Name      string
	Trigger   string // the type of its trigger binding, as httpTrigger
	AuthLevel string // of an httpTrigger: anonymous, function or admin
	Route     string // of an httpTrigger
}

// The host's own defaults for what the files leave out.
const (
	defaultPrefix    = "api"
	defaultAuthLevel = "function"
	httpTrigger      = "httpTrigger"
	prefixSetting    = "AzureFunctionsJobHost__extensions__http__routePrefix" // an app setting that overrides host.json
)

// ReadApp reads host.json and every function.json below root.
func ReadApp(root string) (App, error) {
	app := App{}
	var host struct {
		Extensions struct {
			HTTP struct {
				RoutePrefix *string `json:"routePrefix"`
			} `json:"http"`
		} `json:"extensions"`
	}
	if err := readJSON(filepath.Join(root, "host.json"), &host); err != nil {
		return app, err
	}
	app.Prefix = defaultPrefix
	if prefix := host.Extensions.HTTP.RoutePrefix; prefix != nil {
		app.Prefix = strings.Trim(*prefix, "/")
	}
	if prefix, ok := os.LookupEnv(prefixSetting); ok {
		app.Prefix = strings.Trim(prefix, "/")
	}
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

func readFunction(path string) (Function, error) {
	f := Function{Name: filepath.Base(filepath.Dir(path))}
	var file struct {
		Bindings []struct {
			Type, AuthLevel, Route string
		} `json:"bindings"`
	}
	if err := readJSON(path, &file); err != nil {
		return f, err
	}
	for _, b := range file.Bindings {
		if strings.HasSuffix(strings.ToLower(b.Type), "trigger") {
			f.Trigger, f.AuthLevel, f.Route = b.Type, strings.ToLower(b.AuthLevel), b.Route
		}
	}
	if f.AuthLevel == "" {
		f.AuthLevel = defaultAuthLevel
	}
	if f.Route == "" {
		f.Route = f.Name
	}
	return f, nil
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

// Check refuses combinations in which a caller could be taken for the platform (contract/reliability.md
// section 7). trusted tells that the platform's own keys are enough. The error joins all that is wrong.
func (a App) Check(trusted bool) error {
	var problems []error
	for _, f := range a.Functions {
		isHTTP := strings.EqualFold(f.Trigger, httpTrigger)
		if isHTTP && trusted && f.AuthLevel == "anonymous" {
			problems = append(problems, fmt.Errorf("function %s is anonymous, but auth.trustPlatform relies on the platform's keys; "+
				"set its authLevel to function, or trustPlatform to false", f.Name))
		}
		if !isHTTP && a.reaches(f.Name) {
			problems = append(problems, fmt.Errorf("an HTTP route could reach /%s, where the host delivers the %s of that function; "+
				"set extensions.http.routePrefix in host.json to api", f.Name, f.Trigger))
		}
	}
	return errors.Join(problems...)
}

// reaches reports whether an HTTP route can match the path at which the host calls a function.
func (a App) reaches(name string) bool {
	for _, f := range a.Functions {
		if strings.EqualFold(f.Trigger, httpTrigger) && matches(a.Prefix+"/"+strings.TrimLeft(f.Route, "~/"), name) {
			return true
		}
	}
	return false
}

// matches reports whether a route template can match a path of one segment. What stands in braces may match
// anything, and nothing.
func matches(template, name string) bool {
	for i, segment := range strings.Split(strings.Trim(template, "/"), "/") {
		if literal := !strings.Contains(segment, "{"); literal && (i > 0 || !strings.EqualFold(segment, name)) {
			return false
		}
	}
	return true
}
