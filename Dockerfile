# The service alone: Envoy runs beside it, from its own image (docker-compose.yaml).
# Debian, not Alpine: onnxruntime's library needs glibc.
FROM node:24-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# onnxruntime-node brings its library for every system; this image is Linux.
RUN npm ci --omit=dev \
  && npm cache clean --force \
  && rm -rf node_modules/onnxruntime-node/bin/napi-*/darwin node_modules/onnxruntime-node/bin/napi-*/win32

FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY package.json LICENSE ./
COPY model model
COPY src src
# The account that the base image brings; nothing in the image is writable for it.
USER node
EXPOSE 50051
# Not through src/launch.mjs: the image has its Node and its dependencies.
ENTRYPOINT ["node", "src/main.ts"]
CMD ["up", "--no-envoy", "--listen", "0.0.0.0:50051", "-f", "/etc/pointsman/config.yaml"]
