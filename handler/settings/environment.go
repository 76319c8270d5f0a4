package settings

import (
	"errors"
	"log/slog"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/kelseyhightower/envconfig"

	"inferenceconnector/connector"
)

const prefix = "CONNECTOR"

// Environment are the settings that are environment variables, each with the prefix CONNECTOR_. The
// README's table is generated from it.
type Environment struct {
	Listen           string           `default:"127.0.0.1:7071" desc:"address to listen on"`
	ConnectionsFile  string           `split_words:"true" desc:"path of the connections file; otherwise connections.json in the working directory, if it is there"`
	CallerKey        connector.Secret `split_words:"true" desc:"key that callers of the connection default present, when there is no connections file; at least 32 characters"`
	PublicURL        string           `split_words:"true" desc:"address at which callers reach the app, for the connector definition: https://HOST/PATH; otherwise the listener's, and on Functions that of the app"`
	RedisURL         connector.Secret `split_words:"true" desc:"Redis through which instances share the limit: redis://user:password@host:6379, or rediss:// for TLS"`
	RedisCluster     bool             `split_words:"true" default:"false" desc:"true when it is a cluster; the URL names one node, and others as ?addr=host:6379"`
	RateLimitScope   string           `split_words:"true" desc:"shared, as with CONNECTOR_REDIS_URL; or process: every process keeps its own window, which is to be said on Functions and Lambda, where there are several"`
	LambdaStream     bool             `split_words:"true" default:"false" desc:"true when the Function URL has the invoke mode RESPONSE_STREAM"`
	LogLevel         slog.Level       `split_words:"true" default:"INFO" desc:"DEBUG, INFO, WARN or ERROR"`
	ExtraCAFile      string           `split_words:"true" desc:"PEM file of certificate authorities to trust besides the system's"`
	MaxBodyBytes     int64            `split_words:"true" default:"16777216" desc:"largest request body, in bytes"`
	MaxReplyBytes    int64            `split_words:"true" default:"16777216" desc:"largest reply of an endpoint that is no stream, in bytes"`
	MaxCalls         int              `split_words:"true" default:"512" desc:"calls in progress at once; more are answered 503"`
	MaxBytesInFlight int64            `split_words:"true" default:"134217728" desc:"memory for bodies of all calls in progress, in bytes, whole replies among them, which may take an eighth more; what does not fit is answered 503. The process takes up to 128 MiB besides"`
	BodyTimeout      time.Duration    `split_words:"true" default:"30s" desc:"for a request's body to arrive"`
	KeepAliveTimeout time.Duration    `split_words:"true" default:"75s" desc:"for the next request on a connection"`
	WriteTimeout     time.Duration    `split_words:"true" default:"30s" desc:"without progress, writing to a caller"`
	DialTimeout      time.Duration    `split_words:"true" default:"3s" desc:"to look up and dial an endpoint"`
	TLSTimeout       time.Duration    `split_words:"true" default:"5s" desc:"for a TLS handshake with an endpoint"`
	CallTimeout      time.Duration    `split_words:"true" default:"100s" desc:"for a whole call that is no stream"`
	FirstByteTimeout time.Duration    `split_words:"true" default:"60s" desc:"for the first event of a stream"`
	GapTimeout       time.Duration    `split_words:"true" default:"60s" desc:"between two bytes of a stream"`
	StreamTimeout    time.Duration    `split_words:"true" default:"900s" desc:"for a whole stream; 220s on Functions, unless it is set"`
	MaxAttempts      int              `split_words:"true" default:"3" desc:"attempts of one call where another one can help and harms nobody; 1 repeats nothing"`
	MaxRetryWait     time.Duration    `split_words:"true" default:"10s" desc:"longest wait that an endpoint may ask for before another attempt"`
	DrainTimeout     time.Duration    `split_words:"true" default:"25s" desc:"for calls in progress at a shutdown"`
}

// shortForm are the two variables that make the connection default without a file. They have no prefix.
type shortForm struct {
	EndpointURL string           `split_words:"true" desc:"model endpoint of the connection default, when there is no connections file"`
	EndpointKey connector.Secret `split_words:"true" desc:"its key"`
}

const shortPrefix = "AZUREAI"

// readEnvironment fills spec from the variables with a prefix. A variable that cannot be read is unset, so
// that the next one is complained about as well: the process ends after that.
func readEnvironment(prefix string, spec any) (found complaints) {
	for {
		err := envconfig.Process(prefix, spec)
		parse, ok := errors.AsType[*envconfig.ParseError](err)
		switch {
		case err == nil:
			return found
		case !ok:
			found.add(place{"the environment"}, "cannot be read: %v", err)
			return found
		}
		found.add(place{parse.KeyName}, "must be %s", kindWords[parse.TypeName])
		_ = os.Unsetenv(parse.KeyName)
	}
}

var kindWords = map[string]string{
	"time.Duration": "a duration such as 30s", "int": "a whole number", "int64": "a whole number",
	"slog.Level": "a level: DEBUG, INFO, WARN or ERROR", "bool": "true or false",
}

func (e Environment) check() (found complaints) {
	value := reflect.ValueOf(e)
	for _, v := range Variables() {
		field := value.FieldByName(v.field)
		if field.IsValid() && field.CanInt() && field.Type() != reflect.TypeFor[slog.Level]() && field.Int() <= 0 {
			found.add(place{v.Name}, "must be greater than 0")
		}
	}
	if e.MaxBytesInFlight > 0 && e.MaxBytesInFlight < 4*max(e.MaxBodyBytes, e.MaxReplyBytes) {
		found.add(place{"CONNECTOR_MAX_BYTES_IN_FLIGHT"}, "must be at least four times CONNECTOR_MAX_BODY_BYTES and CONNECTOR_MAX_REPLY_BYTES")
	}
	for _, entry := range os.Environ() {
		name, _, _ := strings.Cut(entry, "=")
		known := func(v Variable) bool { return v.Name == name }
		if strings.HasPrefix(name, prefix+"_") && !slices.ContainsFunc(Variables(), known) {
			found.add(place{name}, "is not a known setting; see the table of settings in the README")
		}
	}
	return found
}

// A Variable is one environment variable, for tables.
type Variable struct {
	Name, Default, Description string

	field string
}

// Variables lists the environment variables in the order of the structs.
func Variables() []Variable {
	var list []Variable
	add := func(prefix string, spec reflect.Type) {
		for i := range spec.NumField() {
			f := spec.Field(i)
			list = append(list, Variable{
				Name:    prefix + "_" + variableName(f.Name),
				Default: f.Tag.Get("default"), Description: f.Tag.Get("desc"), field: f.Name,
			})
		}
	}
	add(shortPrefix, reflect.TypeFor[shortForm]())
	add(prefix, reflect.TypeFor[Environment]())
	return list
}

// The seams between two words of a field's name, as envconfig finds them: EndpointURL, ExtraCAFile.
var (
	wordEnd    = regexp.MustCompile(`([a-z0-9])([A-Z])`)
	acronymEnd = regexp.MustCompile(`([A-Z])([A-Z][a-z])`)
)

func variableName(field string) string {
	field = wordEnd.ReplaceAllString(field, "${1}_${2}")
	return strings.ToUpper(acronymEnd.ReplaceAllString(field, "${1}_${2}"))
}
