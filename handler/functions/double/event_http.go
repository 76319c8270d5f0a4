package double

import (
	"bytes"
	"context"
	"encoding/base64"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf16"
)

// httpEvent makes the event of a request. Its body is read.
func httpEvent(c *call) (event, error) {
	data := map[string]any{
		"Url": "http://" + c.Host + c.path + question(c.URL.RawQuery), "Method": c.Method,
		"Query": queryObject(c), "Headers": headerValues(c), "Params": c.parameters, "Identities": []any{identity(c.function.trigger.AuthLevel)},
	}
	meta := newMetadata(c.function.name)
	for _, pair := range queryPairs(c.URL.RawQuery) {
		if err := meta.setScalar(pair.name, pair.value); err != nil {
			return event{}, err
		}
	}
	for name, value := range c.parameters {
		if value != nil {
			if err := meta.setScalar(name, value); err != nil {
				return event{}, err
			}
		}
	}
	meta.set("Query", queryObject(c))
	joined := map[string]any{}
	for name, values := range headerValues(c) {
		joined[name] = strings.Join(values, ",")
	}
	meta.set("Headers", joined)
	body, err := io.ReadAll(c.Body)
	if err != nil {
		return event{}, err
	}
	if c.ContentLength > 0 { // what came in chunks is lost
		data["Body"] = bodyText(c.Header.Get("Content-Type"), body)
		if err := meta.overwrite(body); err != nil {
			return event{}, err
		}
	}
	return event{map[string]any{c.function.trigger.Name: data}, meta.values}, nil
}

func question(query string) string {
	if query == "" {
		return ""
	}
	return "?" + query
}

func queryObject(c *call) map[string]any {
	object := map[string]any{}
	for _, pair := range queryPairs(c.URL.RawQuery) {
		object[pair.name] = pair.value
	}
	return object
}

// headerValues returns the headers with those that net/http keeps elsewhere. Names have the letter case in
// which they came: HTTP/2 knows only one.
func headerValues(c *call) map[string][]string {
	values := map[string][]string{"Host": {c.Host}}
	if c.ContentLength > 0 || c.Header.Get("Content-Length") != "" {
		values["Content-Length"] = []string{strconv.FormatInt(c.ContentLength, 10)}
	}
	if len(c.TransferEncoding) > 0 {
		values["Transfer-Encoding"] = c.TransferEncoding
	}
	for name, list := range c.Header {
		if c.ProtoMajor >= 2 {
			name = strings.ToLower(name)
		}
		values[name] = list
	}
	return values
}

// bodyText returns a body as JSON can carry it: base64 where the type says that it is no text, else read as
// .NET reads text, by its byte-order mark.
func bodyText(contentType string, body []byte) string {
	kind, _, _ := mime.ParseMediaType(contentType)
	if kind == "application/octet-stream" || strings.HasPrefix(kind, "multipart/") {
		return base64.StdEncoding.EncodeToString(body)
	}
	for mark, high := range map[string]int{"\xff\xfe": 1, "\xfe\xff": 0} {
		if rest, ok := bytes.CutPrefix(body, []byte(mark)); ok {
			return utf16Text(rest, high)
		}
	}
	return strings.ToValidUTF8(string(bytes.TrimPrefix(body, []byte("\ufeff"))), "\ufffd")
}

func utf16Text(text []byte, high int) string {
	var units []uint16
	for i := 0; i+1 < len(text); i += 2 {
		units = append(units, uint16(text[i+high])<<8|uint16(text[i+1-high]))
	}
	return string(utf16.Decode(units))
}

// identity is what the host knows of a caller: the level of its key.
func identity(level string) map[string]any {
	const claims, schemas = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name", "http://schemas.microsoft.com/"
	if level == "" {
		level = "function"
	}
	return map[string]any{
		"AuthenticationType": "WebJobsAuthLevel", "IsAuthenticated": true, "Actor": nil, "BootstrapContext": nil, "Label": nil, "Name": nil,
		"NameClaimType": claims, "RoleClaimType": schemas + "ws/2008/06/identity/claims/role",
		"Claims": []any{map[string]any{
			"Issuer": "LOCAL AUTHORITY", "OriginalIssuer": "LOCAL AUTHORITY", "Properties": map[string]any{},
			"Type": schemas + "2017/07/functions/claims/authlevel", "Value": strings.ToUpper(level[:1]) + level[1:],
			"ValueType": "http://www.w3.org/2001/XMLSchema#string",
		}},
	}
}

// invokeHTTP answers a request with what a function answers in JSON. It outlives a caller that leaves.
func (h *Host) invokeHTTP(w http.ResponseWriter, c *call) {
	e, err := httpEvent(c)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest) // the request is not all there
		return
	}
	result, a := h.run(context.WithoutCancel(c.Context()), c.function, c.id, e)
	if result.Failed {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	writeOutput(w, c.function, a)
}
