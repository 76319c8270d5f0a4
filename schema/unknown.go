package schema

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

func unknown(definition, object map[string]any) (names []string) {
	known, _ := definition["properties"].(map[string]any)
	patterns, _ := definition["patternProperties"].(map[string]any)
	for name := range object {
		if _, ok := known[name]; !ok && !matches(patterns, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func matches(patterns map[string]any, name string) bool {
	for pattern := range patterns {
		if ok, _ := regexp.MatchString(pattern, name); ok {
			return true
		}
	}
	return false
}

// suggest adds to each unknown name the one that may be meant, or else all that are known.
func suggest(violations []Violation, definition, object map[string]any) []Violation {
	properties, _ := definition["properties"].(map[string]any)
	var known, left []string
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		if strings.HasPrefix(name, "$") { // for editors, not for people
			continue
		}
		known = append(known, name)
		if _, given := object[name]; !given {
			left = append(left, name)
		}
	}
	if len(known) == 0 {
		return violations
	}
	for i := range violations {
		v := &violations[i]
		v.Meant = alike(v.Path[len(v.Path)-1], left)
		if lacking := missing(definition, object); v.Meant == "" && len(lacking) == 1 && len(known) > 1 && len(violations) == 1 {
			v.Meant = lacking[0] // what must be there is there by another name
		}
		if v.Meant != "" {
			v.Rule += "; did you mean " + v.Meant + "?"
		} else {
			v.Rule += "; known here: " + strings.Join(known, ", ")
		}
	}
	return violations
}

// alike returns the name that is spelt most like a misspelt one, "" when none is.
func alike(misspelt string, names []string) (best string) {
	written := plain(misspelt)
	limit := max(2, (len(written)+1)/3+1)
	for _, name := range names {
		known := plain(name)
		d := distance(written, known)
		if min(len(written), len(known)) > 3 && (holds(known, written) || holds(written, known)) {
			d = 1
		}
		if d < limit {
			best, limit = name, d
		}
	}
	return best
}

// holds reports whether long has all characters of short in their order.
func holds(long, short string) bool {
	for i := 0; short != "" && i < len(long); i++ {
		if long[i] == short[0] {
			short = short[1:]
		}
	}
	return short == ""
}

var separators = strings.NewReplacer("-", "", "_", "")

func plain(name string) string { return separators.Replace(strings.ToLower(name)) }

// distance counts the characters to insert, remove or replace that make b of a (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replaced := diagonal
			if a[i] != b[j] {
				replaced++
			}
			diagonal, row[j+1] = row[j+1], min(replaced, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
