// Imported before onnxruntime-node, for its effect: from 1.29 on the runtime's Linux library reports to its vendor unless
// told not to (https://github.com/microsoft/onnxruntime/pull/27379). A gateway tells nobody what it runs.

process.env['ORT_DISABLE_TELEMETRY'] = '1';
