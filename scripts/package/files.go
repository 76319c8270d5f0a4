package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"inferenceconnector/handler/settings"
	"inferenceconnector/schema"
)

// A target is one cloud: what its package holds, what stands beside it, and what is to be set there by hand.
type target struct {
	host   settings.Host
	check  func(options, connections) error // what only packaging can know to be wrong
	files  func(options, connections, []*schema.Action) ([]file, error)
	beside func(name, text string, c connections) (string, error) // the text as it is for these connections
	notes  func(connections) []string
}

var targets = map[string]target{
	"azure":  {settings.Functions, checkAzure, azureFiles, azureBeside, azureNotes},
	"lambda": {settings.Lambda, func(options, connections) error { return nil }, lambdaFiles, lambdaBeside, func(connections) []string { return nil }},
}

// build compiles the program for Linux. The first tag leaves out net/rpc, which doubles the size.
func build(o options) ([]byte, error) {
	folder, err := os.MkdirTemp("", "package")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	path := filepath.Join(folder, "handler")
	tags, link := "lambda.norpc,noconsole", "-s -w -buildid="
	if o.console {
		tags, link = "lambda.norpc", link+" -X 'main.consoleOn=every host'"
	}
	command := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-tags", tags, "-ldflags", link, "-o", path, "./handler")
	command.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH="+o.arch, "GOAMD64=v1", "GOARM64=v8.0", "GOFLAGS=")
	command.Stderr = os.Stderr
	if err := command.Run(); err != nil {
		return nil, fmt.Errorf("go build: %w", err)
	}
	return os.ReadFile(path)
}

// lambdaFiles are the files of a Lambda package: the program under the name that Lambda starts.
func lambdaFiles(o options, c connections, _ []*schema.Action) ([]file, error) {
	program, err := build(o)
	return append(c.files(), file{"bootstrap", 0o755, program}), err
}

// checkAzure refuses what does not go together in one function app.
func checkAzure(o options, c connections) (mistakes error) {
	if platform := o.auth == "platform"; platform != c.Auth.TrustPlatform {
		mistakes = fmt.Errorf(`--auth %s needs "auth":{"trustPlatform":%t} in the connections file`, o.auth, platform)
	}
	return errors.Join(mistakes, severalZones(c.timers()))
}

// azureFiles are the files of a function app: one function per action at its canonical route, Rest for every
// other form, and one per schedule and per trigger with a queue.
func azureFiles(o options, c connections, actions []*schema.Action) ([]file, error) {
	host, err := hostFile(c)
	if err != nil {
		return nil, err
	}
	files := append(c.files(), file{"host.json", 0o644, host})
	files = append(files, eventFunctions(c)...)
	for _, action := range append(slices.Clone(actions), nil) {
		name := "Rest"
		if action != nil {
			name = action.ID
		}
		text, err := function(o, action)
		if err != nil {
			return nil, err
		}
		files = append(files, file{name + "/function.json", 0o644, text})
	}
	program, err := build(o)
	return append(files, file{"handler", 0o755, program}), err
}

// function returns the function.json of an action, or with nil that of Rest, made from the shared binding.
func function(o options, action *schema.Action) ([]byte, error) {
	text, err := os.ReadFile("function.json")
	if err != nil {
		return nil, err
	}
	var shared struct {
		Bindings []map[string]any `json:"bindings"`
	}
	if err := json.Unmarshal(text, &shared); err != nil {
		return nil, fmt.Errorf("function.json: %w", err)
	}
	if len(shared.Bindings) == 0 {
		return nil, errors.New("function.json has no bindings")
	}
	trigger := shared.Bindings[0]
	trigger["authLevel"] = map[string]string{"keys": "anonymous", "platform": "function"}[o.auth]
	if action != nil {
		trigger["route"] = strings.TrimPrefix(action.Path, "/")
		trigger["methods"] = []string{strings.ToLower(action.Method)}
	}
	return json.MarshalIndent(shared, "", "  ")
}

// copyInfrastructure puts what describes the cloud's side beside the package.
func copyInfrastructure(o options, c connections) error {
	folder := filepath.Join("scripts", o.target)
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		text, err := os.ReadFile(filepath.Join(folder, entry.Name()))
		if err != nil {
			return err
		}
		changed, err := targets[o.target].beside(entry.Name(), string(text), c)
		if err == nil {
			err = os.WriteFile(filepath.Join(o.out, entry.Name()), []byte(changed), 0o644)
		}
		if err != nil {
			return err
		}
		fmt.Println(filepath.Join(o.out, entry.Name()))
	}
	return nil
}

// put replaces a part of a file of ours, which must be there.
func put(text, part, replacement string) (string, error) {
	if !strings.Contains(text, part) {
		return "", fmt.Errorf("%q is not there any more", part)
	}
	return strings.Replace(text, part, replacement, 1), nil
}
