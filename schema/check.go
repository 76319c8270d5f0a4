package schema

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// maxViolations bounds what one answer reports (contract/reliability.md, S16).
const maxViolations = 20

// A Violation is one rule that a value breaks.
type Violation struct {
	Path    []string // names and list positions from the root to the value
	Keyword string   // the JSON Schema keyword, as "maximum"
	Rule    string   // the rest of a sentence that begins with the place: "must be between 0 and 1"
	Code    string   // the error code the schema asks for, "" for the usual one
	Meant   string   // the known name that an unknown one may stand for, "" for none
	Input   any      // the value, nil when it is missing
}

// Place names the value as people write it: messages[0].role.
func (v Violation) Place() string {
	var b strings.Builder
	for i, token := range v.Path {
		if _, err := strconv.Atoi(token); err == nil {
			b.WriteString("[" + token + "]")
			continue
		}
		if i > 0 {
			b.WriteByte('.')
		}
		b.WriteString(token)
	}
	return b.String()
}

// Pointer returns the JSON pointer of the value (RFC 6901).
func (v Violation) Pointer() string {
	var b strings.Builder
	for _, token := range v.Path {
		b.WriteByte('/')
		b.WriteString(strings.NewReplacer("~", "~0", "/", "~1").Replace(token))
	}
	return b.String()
}

// A Schema validates values that Parse made. It is safe for concurrent use.
type Schema struct {
	compiled *jsonschema.Schema
	sources  map[string]any // by URL: what a failing rule says is read here
}

// Compile compiles a JSON Schema (draft 7) that refers to nothing outside itself.
func Compile(name string, text []byte) (*Schema, error) {
	d, err := Parse(text)
	if err != nil {
		return nil, err
	}
	return newSet(name, d).compile("")
}

// Check returns the violations of value in the order of their places, at most 20; nil when it is valid.
func (s *Schema) Check(value any) []Violation { return s.check(value, maxViolations) }

// CheckAll is Check without the limit, for what our own operator wrote.
func (s *Schema) CheckAll(value any) []Violation { return s.check(value, math.MaxInt) }

func (s *Schema) check(value any, limit int) []Violation {
	err := s.compiled.Validate(value)
	if err == nil {
		return nil
	}
	var invalid *jsonschema.ValidationError
	if !errors.As(err, &invalid) {
		return []Violation{{Rule: "cannot be checked: " + err.Error()}}
	}
	leaves := appendLeaves(nil, invalid)
	slices.SortFunc(leaves, func(a, b *jsonschema.ValidationError) int {
		return cmp.Or(comparePointers(a.InstanceLocation, b.InstanceLocation), cmp.Compare(a.KeywordLocation, b.KeywordLocation))
	})
	var violations []Violation
	for _, leaf := range leaves {
		violations = append(violations, s.explain(leaf, value)...)
		if len(violations) >= limit {
			return violations[:limit]
		}
	}
	return violations
}

func appendLeaves(leaves []*jsonschema.ValidationError, e *jsonschema.ValidationError) []*jsonschema.ValidationError {
	if len(e.Causes) == 0 {
		return append(leaves, e)
	}
	for _, cause := range e.Causes {
		leaves = appendLeaves(leaves, cause)
	}
	return leaves
}

// comparePointers orders /a/2 before /a/10.
func comparePointers(a, b string) int {
	as, bs := strings.Split(a, "/"), strings.Split(b, "/")
	return slices.CompareFunc(as, bs, func(a, b string) int {
		i, errA := strconv.Atoi(a)
		j, errB := strconv.Atoi(b)
		if errA == nil && errB == nil {
			return cmp.Compare(i, j)
		}
		return cmp.Compare(a, b)
	})
}

// set is a group of schema files that may refer to one another.
type set struct {
	compiler *jsonschema.Compiler
	root     string
	sources  map[string]any
	err      error
}

const base = "schema:///"

func newSet(name string, d *Document) *set {
	s := &set{compiler: jsonschema.NewCompiler(), root: base + name, sources: map[string]any{}}
	s.compiler.Draft = jsonschema.Draft7 // has all that is used here, and compiles in half the time of later ones
	s.compiler.LoadURL = refuse
	s.add(s.root, d)
	return s
}

// refuse keeps the compiler from reading files: it knows how to.
func refuse(url string) (io.ReadCloser, error) {
	return nil, errors.New("refers to " + url + ", which is outside")
}

func (s *set) add(url string, d *Document) {
	text, err := json.Marshal(d.root)
	s.sources[url] = d.root
	s.err = cmp.Or(s.err, err, s.compiler.AddResource(url, bytes.NewReader(text)))
}

func (s *set) compile(section string) (*Schema, error) {
	if s.err != nil {
		return nil, s.err
	}
	location := s.root
	if section != "" {
		location += "#/" + section
	}
	compiled, err := s.compiler.Compile(location)
	return &Schema{compiled: compiled, sources: s.sources}, err
}

// at follows a JSON pointer, as the validator writes them, through value.
func at(value any, pointer string) any {
	for _, token := range tokens(pointer) {
		switch v := value.(type) {
		case map[string]any:
			value = v[token]
		case []any:
			i, err := strconv.Atoi(token)
			if err != nil || i < 0 || i >= len(v) {
				return nil
			}
			value = v[i]
		default:
			return nil
		}
	}
	return value
}

func tokens(pointer string) []string {
	if pointer == "" {
		return nil
	}
	tokens := strings.Split(strings.TrimPrefix(pointer, "/"), "/")
	for i, token := range tokens {
		if plain, err := url.PathUnescape(token); err == nil {
			token = plain
		}
		tokens[i] = strings.NewReplacer("~1", "/", "~0", "~").Replace(token)
	}
	return tokens
}
