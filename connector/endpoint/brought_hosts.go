package endpoint

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// allowedHost is a host that callers may bring or tokens may go to, or with below set every host below that domain.
type allowedHost struct {
	host
	below bool
}

// host is a name in small letters, and a port, "" for 443.
type host struct{ name, port string }

func (a allowedHost) matches(h host) bool {
	if a.port != h.port {
		return false
	}
	if a.below {
		return strings.HasSuffix(h.name, "."+a.name)
	}
	return h.name == a.name
}

// readAllowedHosts reads the patterns of a field. Its error joins all that is wrong.
func readAllowedHosts(field string, patterns []string) (allowed []allowedHost, err error) {
	if len(patterns) == 0 {
		return nil, errors.New(field + " must name at least one host")
	}
	for i, pattern := range patterns {
		bare, below := strings.CutPrefix(pattern, "*.")
		h, ok := readHost(bare)
		if !ok || below && !strings.Contains(h.name, ".") { // a whole top-level domain is nobody's
			err = errors.Join(err, fmt.Errorf("%s[%d] must be a host name, or *. and a domain of two names or more such as "+
				"*.services.ai.azure.com, with a port if that is not 443 and nothing else", field, i))
		}
		allowed = append(allowed, allowedHost{h, below})
	}
	return allowed, err
}

// readHost reads a host name and port. An address is none, nor is what a resolver may take for one.
func readHost(text string) (host, bool) {
	name, port, hasPort := strings.Cut(text, ":")
	if n, err := strconv.ParseUint(port, 10, 16); hasPort && (err != nil || n == 0 || strconv.FormatUint(n, 10) != port) {
		return host{}, false
	}
	if port == "443" {
		port = ""
	}
	labels := strings.Split(name, ".")
	for _, label := range labels {
		if !isLabel(label) {
			return host{}, false
		}
	}
	if last := labels[len(labels)-1]; !isLetter(last[0]) || len(name) > 253 { // no top-level domain begins with a digit
		return host{}, false
	}
	return host{strings.ToLower(name), port}, true
}

// isLabel reports whether text can stand between the dots of a host name.
func isLabel(text string) bool {
	if text == "" || len(text) > 63 || text[0] == '-' || text[len(text)-1] == '-' {
		return false
	}
	return !strings.ContainsFunc(text, func(c rune) bool {
		return c > '~' || !isLetter(byte(c)) && (c < '0' || c > '9') && c != '-'
	})
}
