package double

import (
	"net/url"
	"strings"
)

// canonical returns the path as the server hands it on: dots are resolved, and what need not be escaped is
// not. An escaped slash stays one.
func canonical(u *url.URL) string {
	var kept []string
	segments := strings.Split(u.EscapedPath(), "/")[1:]
	for i, segment := range segments {
		plain, err := url.PathUnescape(segment)
		if err != nil {
			plain = segment
		}
		dots := plain == "." || plain == ".."
		if plain == ".." && len(kept) > 0 {
			kept = kept[:len(kept)-1]
		}
		if !dots {
			kept = append(kept, url.PathEscape(plain))
		} else if i == len(segments)-1 {
			kept = append(kept, "")
		}
	}
	return "/" + strings.Join(kept, "/")
}
