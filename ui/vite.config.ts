import { defineConfig } from 'vite';

// `npm run dev` shows the page beside a swarm that is already served: COMPOTASTIC_SERVER=127.0.0.1:8080
const server = process.env['COMPOTASTIC_SERVER'] ?? '127.0.0.1:8000';

export default defineConfig({
  base: './',
  build: { target: 'es2022', outDir: 'dist', chunkSizeWarningLimit: 2000 },
  server: {
    proxy: {
      '/ws': { target: `ws://${server}`, ws: true },
      '/api': `http://${server}`,
      '/health': `http://${server}`,
    },
  },
});
