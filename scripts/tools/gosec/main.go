package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/securego/gosec/v2/goanalysis"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"
)

func main() {
	findings, err := look()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	complaints := complain(findings)
	for _, complaint := range complaints {
		fmt.Fprintln(os.Stderr, complaint)
	}
	if len(complaints) > 0 {
		os.Exit(1)
	}
}

// A finding is a rule that the code breaks.
type finding struct {
	rule, file string // below the working directory
	line       int
	text       string
}

// look reads the packages of the working directory, but for their tests.
func look() (findings []finding, err error) {
	folder, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	loaded, err := packages.Load(&packages.Config{Mode: packages.LoadAllSyntax}, "./...")
	if err != nil {
		return nil, err
	}
	if packages.PrintErrors(loaded) > 0 || len(loaded) == 0 {
		return nil, fmt.Errorf("%d packages, which cannot all be read", len(loaded))
	}
	graph, err := checker.Analyze([]*analysis.Analyzer{goanalysis.Analyzer}, loaded, nil)
	if err != nil {
		return nil, err
	}
	for _, root := range graph.Roots {
		if root.Err != nil {
			return nil, root.Err
		}
		for _, d := range root.Diagnostics {
			at := root.Package.Fset.Position(d.Pos)
			file, err := filepath.Rel(folder, at.Filename)
			if err != nil {
				return nil, err
			}
			findings = append(findings, finding{d.Category, filepath.ToSlash(file), at.Line, d.Message})
		}
	}
	return findings, nil
}

// complain tells of the findings that no exception covers, and of the exceptions that cover none.
func complain(findings []finding) (complaints []string) {
	used := map[exception]bool{}
	for _, f := range findings {
		i := slices.IndexFunc(exceptions, func(e exception) bool { return e.covers(f.rule, f.file) })
		if i < 0 {
			complaints = append(complaints, fmt.Sprintf("%s:%d: %s", f.file, f.line, f.text))
			continue
		}
		used[exceptions[i]] = true
	}
	for _, e := range exceptions {
		if !used[e] {
			complaints = append(complaints, fmt.Sprintf("nothing breaks %s in %s: the exception can go", e.rule, e.place))
		}
	}
	return complaints
}
