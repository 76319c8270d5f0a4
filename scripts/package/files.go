package main

import (
	"archive/zip"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"
	"time"

	"inferenceconnector/schema"
)

// file is one entry of a zip.
type file struct {
	name string
	mode fs.FileMode
	text []byte
}

// build compiles the program for Linux. The tag leaves out net/rpc, which doubles the size.
func build(o options) ([]byte, error) {
	folder, err := os.MkdirTemp("", "package")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	path := filepath.Join(folder, "handler")
	command := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-tags", "lambda.norpc", "-ldflags", "-s -w -buildid=", "-o", path, "./handler")
	command.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH="+o.arch, "GOAMD64=v1", "GOARM64=v8.0", "GOFLAGS=")
	command.Stderr = os.Stderr
	if err := command.Run(); err != nil {
		return nil, fmt.Errorf("go build: %w", err)
	}
	return os.ReadFile(path)
}

// lambdaFiles are the files of a Lambda package: the program under the name that Lambda starts.
func lambdaFiles(o options) ([]file, error) {
	files, _, err := connectionsFile(o)
	if err != nil {
		return nil, err
	}
	program, err := build(o)
	return append(files, file{"bootstrap", 0o755, program}), err
}

// azureFiles are the files of a function app: one function per action at its canonical route, and Rest for
// every other form.
func azureFiles(o options) ([]file, error) {
	files, trusted, err := connectionsFile(o)
	if err != nil {
		return nil, err
	}
	if platform := o.auth == "platform"; platform != trusted {
		return nil, fmt.Errorf(`--auth %s needs "auth":{"trustPlatform":%t} in the connections file`, o.auth, platform)
	}
	host, err := os.ReadFile("host.json")
	if err != nil {
		return nil, err
	}
	files = append(files, file{"host.json", 0o644, host})
	actions, err := schema.Load()
	if err != nil {
		return nil, err
	}
	rest, err := function(o, nil)
	if err != nil {
		return nil, err
	}
	files = append(files, file{"Rest/function.json", 0o644, rest})
	for _, action := range actions {
		text, err := function(o, action)
		if err != nil {
			return nil, err
		}
		files = append(files, file{action.ID + "/function.json", 0o644, text})
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

// connectionsFile reads the connections file, if there is one, and whether it trusts the platform. The
// program itself checks the rest at its start, when the app settings are there.
func connectionsFile(o options) (files []file, trusted bool, err error) {
	if o.connections == "" {
		return nil, false, nil
	}
	text, err := os.ReadFile(o.connections)
	if err != nil {
		return nil, false, fmt.Errorf("--connections: %w", err)
	}
	var content struct {
		Auth struct{ TrustPlatform bool }
	}
	if err := json.Unmarshal(text, &content); err != nil {
		return nil, false, fmt.Errorf("--connections: %w", err)
	}
	if names := appSettings(text); len(names) > 0 {
		fmt.Println("The connections file needs these settings where it runs:", strings.Join(names, ", "))
	}
	return []file{{"connections.json", 0o644, text}}, content.Auth.TrustPlatform, nil
}

var appSetting = regexp.MustCompile(`@appsetting\('([^']+)'\)`)

// appSettings returns the names that a connections file looks up in the environment.
func appSettings(text []byte) []string {
	var names []string
	for _, reference := range appSetting.FindAllSubmatch(text, -1) {
		names = append(names, string(reference[1]))
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// epoch is the time of every entry: the earliest that zip can tell.
var epoch = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// writeZip writes files in the order of their names.
func writeZip(path string, files []file) (size int64, err error) {
	sort.Slice(files, func(i, j int) bool { return files[i].name < files[j].name })
	out, err := os.Create(path)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	archive := zip.NewWriter(out)
	for _, f := range files {
		header := &zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: epoch}
		header.SetMode(f.mode)
		w, err := archive.CreateHeader(header)
		if err != nil {
			return 0, err
		}
		if _, err := w.Write(f.text); err != nil {
			return 0, err
		}
	}
	if err := archive.Close(); err != nil {
		return 0, err
	}
	info, err := out.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// copyInfrastructure puts what describes the cloud's side beside the package.
func copyInfrastructure(o options) error {
	folder := filepath.Join("scripts", o.target)
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		text, err := os.ReadFile(filepath.Join(folder, entry.Name()))
		if err == nil {
			err = os.WriteFile(filepath.Join(o.out, entry.Name()), text, 0o644)
		}
		if err != nil {
			return err
		}
		fmt.Println(filepath.Join(o.out, entry.Name()))
	}
	return nil
}
