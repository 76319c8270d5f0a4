package settings

import (
	"fmt"
	"strings"
)

// A complaint is about one place: a path in the connections file, or a variable. Its text never repeats a
// value, which may be a secret.
type complaint struct {
	place, text string
	ofName      bool // about the name itself: what it names can have mistakes of its own
}

type complaints []complaint

func (c *complaints) add(place, format string, args ...any) {
	*c = append(*c, complaint{place: place, text: fmt.Sprintf(format, args...)})
}

// touch reports whether one of them is about place, about a part of it, or about what it is a part of. A
// later complaint about such a place would only be its echo.
func (c complaints) touch(place string) bool {
	for _, known := range c {
		if !known.ofName && (within(known.place, place) || within(place, known.place)) {
			return true
		}
	}
	return false
}

func within(place, whole string) bool {
	rest, ok := strings.CutPrefix(place, whole)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// Problems are all complaints about the settings.
type Problems []string

// Error implements error, one complaint a line.
func (p Problems) Error() string { return strings.Join(p, "\n") }

// problems words the complaints for an operator.
func (c complaints) problems(place func(string) string) Problems {
	all := make(Problems, len(c))
	for i, one := range c {
		all[i] = place(one.place) + " " + one.text
	}
	return all
}
