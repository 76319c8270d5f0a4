package callers_test

import (
	"errors"
	"maps"
	"net/http"
	"strings"
	"testing"

	"inferenceconnector/connector"
	"inferenceconnector/handler/callers"
)

const (
	oldKey   = "old-0123456789abcdef0123456789abcdef"
	newKey   = "new-0123456789abcdef0123456789abcdef"
	otherKey = "other-0123456789abcdef0123456789abcd"
)

// known are a caller with two keys, of which one is on its way out, and another caller; the second
// connection lists the first caller too, under another name.
func known() *callers.List {
	list := &callers.List{}
	list.AddKey(connector.NewSecret(oldKey), "orders", "shop")
	list.AddKey(connector.NewSecret(newKey), "orders", "shop")
	list.AddKey(connector.NewSecret(otherKey), "orders", "other")
	list.AddKey(connector.NewSecret(newKey), "people", "hr")
	return list
}

func TestIdentify(t *testing.T) {
	shop := map[string]string{"orders": "shop"}
	both := map[string]string{"orders": "shop", "people": "hr"}
	other := map[string]string{"orders": "other"}
	for name, test := range map[string]struct {
		apiKey, authorization []string
		want                  map[string]string // nil: nobody
	}{
		"nothing":                        {nil, nil, nil},
		"api-key":                        {[]string{oldKey}, nil, shop},
		"both keys are valid":            {[]string{newKey}, nil, both},
		"bearer":                         {nil, []string{"Bearer " + otherKey}, other},
		"bearer in any case":             {nil, []string{"bEARER " + otherKey}, other},
		"bearer with more blanks":        {nil, []string{"Bearer   " + otherKey + " "}, other},
		"the same in both, as SDKs do":   {[]string{oldKey}, []string{"Bearer " + oldKey}, shop},
		"api-key is tried first":         {[]string{otherKey}, []string{"Bearer " + oldKey}, other},
		"a wrong api-key, a right token": {[]string{"wrong"}, []string{"Bearer " + oldKey}, shop},
		"a right api-key, a wrong token": {[]string{oldKey}, []string{"Bearer wrong"}, shop},
		"an empty api-key is absent":     {[]string{""}, []string{"Bearer " + oldKey}, shop},
		"an empty token is absent":       {[]string{oldKey}, []string{"Bearer "}, shop},
		"both empty":                     {[]string{""}, []string{"Bearer"}, nil},
		"another scheme":                 {nil, []string{"Basic " + oldKey}, nil},
		"another scheme beside a key":    {[]string{oldKey}, []string{"Basic dXNlcjpwYXNz"}, shop},
		"no scheme":                      {nil, []string{oldKey}, nil},
		"a scheme that begins like it":   {nil, []string{"BearerToken " + oldKey}, nil},
		"a wrong key":                    {[]string{"wrong-0123456789abcdef0123456789abcd"}, nil, nil},
		"a prefix":                       {[]string{oldKey[:len(oldKey)-1]}, nil, nil},
		"a key and more":                 {[]string{oldKey + "0"}, nil, nil},
		"letter case":                    {[]string{strings.ToUpper(oldKey)}, nil, nil},
		"api-key twice":                  {[]string{oldKey, oldKey}, nil, nil},
		"api-key twice, one empty":       {[]string{"", oldKey}, nil, nil},
		"api-key joined":                 {[]string{oldKey + "," + otherKey}, nil, nil},
		"api-key joined to nothing":      {[]string{oldKey + ","}, nil, nil},
		"bearer twice":                   {nil, []string{"Bearer " + oldKey, "Bearer " + oldKey}, nil},
		"bearer joined":                  {nil, []string{"Bearer " + oldKey + ", Bearer " + otherKey}, nil},
		"twice spoils the other":         {[]string{oldKey}, []string{"Bearer " + oldKey, "Basic x"}, nil},
		"a joined one spoils the other":  {[]string{"a,b"}, []string{"Bearer " + oldKey}, nil},
		"a control character":            {[]string{oldKey + "\t"}, nil, nil},
		"one spoils the other":           {[]string{"a\tb"}, []string{"Bearer " + oldKey}, nil},
		"one in the token":               {[]string{oldKey}, []string{"Bearer a\x01b"}, nil},
		"a blank inside":                 {[]string{"x " + oldKey}, nil, nil},
		"two words of a token":           {nil, []string{"Bearer " + oldKey + " " + oldKey}, nil},
		"letters of another alphabet":    {[]string{"ключ"}, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			header := http.Header{}
			for _, value := range test.apiKey {
				header.Add("api-key", value)
			}
			for _, value := range test.authorization {
				header.Add("authorization", value)
			}
			caller, err := known().Identify(t.Context(), header)
			if (err == nil) != (test.want != nil) || !maps.Equal(caller.Grants, test.want) || caller.All {
				t.Errorf("got %v %+v, want %v", err, caller, test.want)
			}
		})
	}
}

// Who brings an endpoint has the endpoint's key in the usual headers, and an own one beside them.
func TestBringing(t *testing.T) {
	const endpointKey = "the-endpoint's-own"
	for name, test := range map[string]struct {
		header http.Header
		caller bool
		key    string
	}{
		"all of it":                {http.Header{"Api-Key": {endpointKey}, "X-Connector-Key": {oldKey}}, true, endpointKey},
		"as SDKs send it":          {http.Header{"Api-Key": {endpointKey}, "Authorization": {"Bearer " + endpointKey}}, false, endpointKey},
		"bearer":                   {http.Header{"Authorization": {"Bearer " + endpointKey}}, false, endpointKey},
		"bearer, api-key empty":    {http.Header{"Api-Key": {""}, "Authorization": {"Bearer " + endpointKey}}, false, endpointKey},
		"own key where it is not":  {http.Header{"Api-Key": {oldKey}}, false, oldKey},
		"ambiguous":                {http.Header{"Api-Key": {endpointKey, endpointKey}}, false, ""},
		"own key twice":            {http.Header{"Api-Key": {endpointKey}, "X-Connector-Key": {oldKey, oldKey}}, false, endpointKey},
		"own key as a bearer":      {http.Header{"Api-Key": {endpointKey}, "X-Connector-Key": {"Bearer " + oldKey}}, false, endpointKey},
		"nothing":                  {http.Header{}, false, ""},
		"a key that is not usable": {http.Header{"Api-Key": {"a b"}}, false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if _, got := known().IdentifyBringing(t.Context(), test.header); (got == nil) != test.caller {
				t.Errorf("got %v, want a caller: %t", got, test.caller)
			}
			got, ours := known().Brought(test.header)
			if got.Reveal() != test.key || ours != (test.key == oldKey) {
				t.Errorf("got key %q, ours: %t, want %q", got.Reveal(), ours, test.key)
			}
		})
	}
}

func TestNobodyIsKnownWithoutKeys(t *testing.T) {
	list := &callers.List{}
	if caller, err := list.Identify(t.Context(), http.Header{"Api-Key": {oldKey}}); !errors.Is(err, callers.ErrUnknown) {
		t.Errorf("got %+v, want nobody", caller)
	}
}

// TestEveryKeyIsCompared looks at a key's owner wherever its entry stands: a search that ends early would
// find only the first of the grants, and would take longer for later ones.
func TestEveryKeyIsCompared(t *testing.T) {
	list := &callers.List{}
	want := map[string]string{}
	for _, connection := range []string{"first", "second", "third"} {
		list.AddKey(connector.NewSecret(otherKey), connection+"-alone", connection)
		list.AddKey(connector.NewSecret(oldKey), connection, connection+"-caller")
		want[connection] = connection + "-caller"
	}
	caller, err := list.Identify(t.Context(), http.Header{"Api-Key": {oldKey}})
	if err != nil || !maps.Equal(caller.Grants, want) {
		t.Errorf("got %v %v, want %v", err, caller.Grants, want)
	}
}

func TestTheEarlierGrantsOfACallerStay(t *testing.T) {
	list := known()
	first, _ := list.Identify(t.Context(), http.Header{"Api-Key": {newKey}})
	second, _ := list.Identify(t.Context(), http.Header{"Api-Key": {newKey}})
	first.Grants["orders"] = "changed"
	if second.Grants["orders"] != "shop" {
		t.Errorf("got %q, want shop: callers share their grants", second.Grants["orders"])
	}
}

func TestCheckKey(t *testing.T) {
	const short, odd = "must have at least 32 characters; make one with: openssl rand -hex 32", "must consist of letters, digits and signs, without blanks and commas"
	for name, test := range map[string]struct{ key, want string }{
		"32 characters":     {strings.Repeat("k", 32), ""},
		"signs":             {strings.Repeat("k", 32) + `!#$%&'*+-./:;<=>?@[\]^_{|}~"()`, ""},
		"31 characters":     {strings.Repeat("k", 31), short},
		"none":              {"", short},
		"a blank":           {strings.Repeat("k", 32) + " x", odd},
		"a comma":           {strings.Repeat("k", 32) + ",x", odd},
		"a line feed":       {strings.Repeat("k", 32) + "\n", odd},
		"another alphabet":  {strings.Repeat("ж", 32), odd},
		"a control at work": {strings.Repeat("k", 32) + "\x7f", odd},
	} {
		t.Run(name, func(t *testing.T) {
			got := ""
			if err := callers.CheckKey(connector.NewSecret(test.key)); err != nil {
				got = err.Error()
			}
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
