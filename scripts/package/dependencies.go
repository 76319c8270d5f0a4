package main

import (
	"bytes"
	"debug/buildinfo"
	"fmt"
	"os"
	"slices"
	"strings"
)

// writeDependencies lists what the program of a package was built of, as the program itself tells: the Go
// release, whose library is in it, and each module with its version and checksum.
func writeDependencies(path string, files []file) error {
	program := slices.IndexFunc(files, func(f file) bool { return f.mode == 0o755 })
	info, err := buildinfo.Read(bytes.NewReader(files[program].text))
	if err != nil {
		return err
	}
	lines := []string{"go " + strings.TrimPrefix(info.GoVersion, "go")}
	for _, module := range info.Deps {
		if module.Replace != nil {
			return fmt.Errorf("%s is replaced, so its version tells nothing", module.Path)
		}
		lines = append(lines, module.Path+" "+module.Version+" "+module.Sum)
	}
	return os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o644)
}
