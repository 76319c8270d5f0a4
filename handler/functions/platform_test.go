package functions_test

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"inferenceconnector/handler/functions/double"
)

func TestPlatformsKeyIsEnough(t *testing.T) {
	bothModes(t, func(t *testing.T, old bool) {
		host, address := startApp(t, "platform", newModel(t).URL, old)
		orders := "/connections/default" + chat
		for name, c := range map[string]struct {
			path    string
			headers []string
			want    answer
		}{
			"no key":                   {orders, nil, answer{401, "", ""}},
			"a caller's key alone":     {orders, []string{"api-key: " + ordersKey}, answer{401, "", ""}},
			"in the header":            {orders, []string{"x-functions-key: " + functionKey}, answer{200, "", reply}},
			"in the query":             {orders + "&code=" + functionKey, nil, answer{200, "", reply}},
			"and one that we know not": {orders, []string{"x-functions-key: " + functionKey, "api-key: " + modelKey}, answer{200, "", reply}},
			"and a caller's":           {chat, []string{"x-functions-key: " + functionKey, "api-key: " + hrKey}, answer{200, "", reply}},
		} {
			t.Run(name, func(t *testing.T) {
				if got := send(t, newRequest(t, "POST", address+c.path, message, c.headers...)); got != c.want {
					t.Errorf("got %+v, want %+v", got, c.want)
				}
			})
		}
		names := callers(t, host, 4)
		slices.Sort(names)
		if want := []string{"", "", "", "hr"}; !slices.Equal(names, want) {
			t.Errorf("got the callers %q, want %q", names, want)
		}
		known := send(t, newRequest(t, "POST", address+orders, message, "x-functions-key: "+functionKey, "api-key: "+hrKey))
		if known.status != http.StatusNotFound {
			t.Errorf("got %+v for a caller of another connection, want 404", known)
		}
	})
}

func TestKeysOfThePlatformGoNoFurther(t *testing.T) {
	for _, auth := range []string{"keys", "platform"} {
		bothModes(t, func(t *testing.T, old bool) {
			m := newModel(t)
			host, address := startApp(t, auth, m.URL, old)
			r := newRequest(t, "POST", address+chat+"&code="+functionKey, message, "x-functions-key: "+functionKey, "api-key: "+ordersKey)
			got := send(t, r)
			broken := send(t, newRequest(t, "POST", address+chat+"&code="+functionKey, "{", "x-functions-key: "+functionKey, "api-key: "+ordersKey))
			if got.status != http.StatusOK || broken.status != http.StatusBadRequest {
				t.Fatalf("%s: got %+v and %+v, want 200 and 400", auth, got, broken)
			}
			callers(t, host, 2)
			told := append(m.requests(), got.text, broken.text)
			if len(told) != 3 {
				t.Errorf("the model was called %d times, want once", len(told)-2)
			}
			keepSecret(t, append(told, texts(host)...), functionKey, ordersKey)
		})
	}
}

func texts(host *double.Host) (all []string) {
	for _, line := range host.Log() {
		all = append(all, line.Text)
	}
	return all
}

// keepSecret checks that no text tells a key: whole, by its first letters, or encoded.
func keepSecret(t *testing.T, texts []string, keys ...string) {
	t.Helper()
	for _, key := range keys {
		for _, form := range []string{key[:8], url.QueryEscape(key), base64.StdEncoding.EncodeToString([]byte(key))} {
			for _, text := range texts {
				if strings.Contains(text, form) {
					t.Errorf("a key is told: %s", text)
				}
			}
		}
	}
}
