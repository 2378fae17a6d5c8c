# syntax=docker/dockerfile:1
# Debian and not Alpine: the embedded PostgreSQL needs glibc.
FROM node:22-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund

FROM dependencies AS build
RUN npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY migrations migrations
COPY src src
RUN npm run build

FROM node:22-bookworm-slim
LABEL org.opencontainers.image.title="Wardgate" \
      org.opencontainers.image.description="FHIR R4 auth server" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production \
    NODE_OPTIONS=--enable-source-maps \
    WARDGATE_DATA_DIR=/data
WORKDIR /app
# Owned by root, so that the program cannot change itself.
COPY package.json LICENSE ./
COPY --from=dependencies /app/node_modules node_modules
COPY definitions definitions
COPY --from=build /app/dist dist
# The one folder it writes to: the embedded database, and the secrets that a first start makes.
RUN install -d -m 700 -o node -g node /data
VOLUME /data
USER node
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --start-interval=1s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.BOX_WEB_PORT || 8080}/health/live`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Without npm in between, which would not pass signals on.
CMD ["node", "dist/src/main.js"]
