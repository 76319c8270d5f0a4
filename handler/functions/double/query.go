package double

import (
	"net/url"
	"strings"
)

// queryPair is a name of a query with all of its values.
type queryPair struct{ name, value string }

// queryPairs returns a query as the host reads it: a name that came twice has its values joined, and broken
// escapes are taken for text.
func queryPairs(query string) (pairs []queryPair) {
	places := map[string]int{}
	for part := range strings.SplitSeq(query, "&") {
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		name, value = unescaped(name), unescaped(value)
		folded := strings.ToLower(name)
		if i, ok := places[folded]; ok {
			pairs[i].value += "," + value
			continue
		}
		places[folded] = len(pairs)
		pairs = append(pairs, queryPair{name, value})
	}
	return pairs
}

// rebuilt returns a query as the host writes it again.
func rebuilt(query string) string {
	var b strings.Builder
	for i, pair := range queryPairs(query) {
		b.WriteByte("?&"[min(i, 1)])
		b.WriteString(escaped(pair.name) + "=" + escaped(pair.value))
	}
	return b.String()
}

func unescaped(text string) string {
	if plain, err := url.QueryUnescape(text); err == nil {
		return plain
	}
	return text
}

func escaped(text string) string { return strings.ReplaceAll(url.QueryEscape(text), "+", "%20") }
