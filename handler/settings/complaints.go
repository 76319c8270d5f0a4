package settings

import (
	"fmt"
	"slices"
	"strings"
)

// A complaint is about one place. Its text never repeats a value, which may be a secret.
type complaint struct {
	place  place
	text   string
	ofName bool  // about the name itself: what it names can have mistakes of its own
	meant  place // for an unknown name: the one it may stand for
	open   bool  // about a setting that is not in the environment: what it will be, nobody knows here
}

type complaints []complaint

func (c *complaints) add(at place, format string, args ...any) {
	*c = append(*c, complaint{place: at, text: fmt.Sprintf(format, args...)})
}

// touch reports whether one of them is about a place, about a part of it, or about what it is a part of. A
// later complaint about such a place would only be its echo. What holds an open value has mistakes of its own.
func (c complaints) touch(at place) bool {
	return slices.ContainsFunc(c, func(known complaint) bool {
		return known.covers(at) || !known.ofName && !known.open && known.place.within(at)
	})
}

// cover reports whether one of them is about the whole of a place.
func (c complaints) cover(at place) bool {
	return slices.ContainsFunc(c, func(known complaint) bool { return known.covers(at) })
}

// rename reports whether one of them is about the name of what stands at a place.
func (c complaints) rename(at place) bool {
	return slices.ContainsFunc(c, func(known complaint) bool { return known.ofName && slices.Equal(known.place, at) })
}

func (c complaint) covers(at place) bool {
	return !c.ofName && at.within(c.place) || c.meant != nil && at.within(c.meant)
}

// certain leaves out those about settings that are not in the environment.
func (c complaints) certain() (certain complaints) {
	for _, one := range c {
		if !one.open {
			certain = append(certain, one)
		}
	}
	return certain
}

// named says of a place that got its value from an empty setting that it is this which is wrong.
func (c complaints) named(empty map[string]string) complaints {
	for i, one := range c {
		if text, ok := empty[one.place.key()]; ok && !one.ofName {
			c[i].text = text
		}
	}
	return c
}

// inOrder sorts by place, and drops what is said twice.
func (c complaints) inOrder(o order) complaints {
	slices.SortStableFunc(c, func(a, b complaint) int { return o.of(a.place) - o.of(b.place) })
	return slices.CompactFunc(c, func(a, b complaint) bool { return a.text == b.text && slices.Equal(a.place, b.place) })
}

// Problems are all complaints about the settings.
type Problems []string

// Error implements error, one complaint a line.
func (p Problems) Error() string { return strings.Join(p, "\n") }

// problems words the complaints for an operator.
func (c complaints) problems(word func(place) string) Problems {
	all := make(Problems, len(c))
	for i, one := range c {
		all[i] = word(one.place) + " " + one.text
	}
	return all
}
